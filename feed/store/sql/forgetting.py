"""Fixtures that have long been over are forgotten, with all that is theirs, one in a transaction.

A fixture that somebody writes to just now is left for another time, so that the feed never waits longer than it takes
to delete one fixture.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import OperationalError, connection, transaction
from django.db.models import Q, QuerySet

from feed import models
from feed.models import Fixture

from .faults import is_of_lock

#: What belongs to a fixture; its history and its alerts have ages of their own.
PARTS = (models.Bet, models.ProviderMarket, models.WaitingMarket, models.Market, models.Participant, models.Period)
MORE_PARTS = (models.Incident, models.Statistic, models.PlayerStatistic, models.Scoreboard)
OF_PEOPLE = (models.FixtureNote, models.FixtureClaim)
TABLES = [model._meta.db_table for model in (*PARTS, *MORE_PARTS, *OF_PEOPLE)]
#: How long a note that somebody is writing is waited for.
LOCK_MILLISECONDS = 200
#: Ids in one query.
LOOKED_UP = 500


def forget_fixtures(before: datetime) -> Iterator[int]:
    """Forget those that are over, began before that moment and were not spoken of since; yields 1 for each."""
    last = 0
    while ids := list(over(before).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:LOOKED_UP]):
        for fixture_id in ids:
            if forget_fixture(fixture_id, before):
                yield 1
        last = ids[-1]


def over(before: datetime) -> QuerySet[Fixture]:
    """The fixtures to forget."""
    began = Q(start_at=None) | Q(start_at__lt=before)
    return Fixture.objects.finished().filter(began, stored_at__lt=before)


def forget_fixture(fixture_id: int, before: datetime) -> bool:
    """Whether it is gone now; it is not where somebody has it, or has just spoken of it."""
    skips = connection.features.has_select_for_update_skip_locked
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}")
            if not over(before).select_for_update(skip_locked=skips).filter(pk=fixture_id).first():
                return False
            for table in TABLES:
                cursor.execute(f"DELETE FROM {table} WHERE fixture_id = %s", [fixture_id])
            cursor.execute(f"DELETE FROM {Fixture._meta.db_table} WHERE id = %s", [fixture_id])
    except OperationalError as error:
        if not is_of_lock(error):
            raise
        return False
    return True
