"""A past that is moved to another moment is the one that would be made there, whichever way it went."""

# ruff: noqa: F811 - tests ask for the fixtures that are imported

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from feed.models import (
    Bet,
    Competition,
    FeedSource,
    Fixture,
    FixtureNote,
    League,
    Location,
    Market,
    Provider,
    Sport,
)
from feed.past import database
from feed.past.database import CACHE, READ_THERE
from feed.past.fixture import fixture_opened, outline_opened
from feed.store import Received, store_batch

from .received import FIXTURE
from .test_journal import batches
from .test_past import no_pasts, prices_that_moved, source  # noqa: F401 - fixtures
from .test_store_batch import clear, messages

pytestmark = pytest.mark.usefixtures("either_database", "no_pasts")
#: What names a fixture that is there.
NAMES = (Sport, Location, League, Competition, Provider)
#: What an outline does not have of a market.
KEYFRAMES = ("keyframe_revision", "keyframe_at", "entries")


@pytest.fixture(autouse=True)
def all_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also moments that are over for less than 15 s."""
    monkeypatch.setattr(database, "SETTLED", timedelta())


def everything(*left_out: str) -> dict[str, Any]:
    """All rows of the past that is open."""
    found = {}
    is_there = Fixture.objects.filter(pk=FIXTURE).exists()
    for model in READ_THERE:
        if model in NAMES and not is_there:
            continue
        rows = [{k: v for k, v in row.items() if k not in left_out} for row in model.objects.order_by("pk").values()]
        found[model.__name__] = json.dumps(rows, default=str)
    return found


def rows_at(moment: datetime) -> dict[str, Any]:
    """Of the outline with all its bets; moved there if one is kept."""
    with outline_opened(FIXTURE, moment) as need_bets:
        need_bets(list(Market.objects.values_list("market_id", flat=True)))
        return everything()


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(
    batch_messages=st.lists(messages, min_size=2, max_size=14),
    ends_at=st.sets(st.integers(1, 13)),
    way=st.lists(st.integers(0, 14), min_size=2, max_size=6),
)
def test_whichever_way_it_went_it_is_what_would_be_made_there(
    batch_messages: list[Received], ends_at: set[int], way: list[int], source: FeedSource
):
    clear()
    CACHE.clear()
    moments = [datetime.now(UTC)]
    for batch in batches(batch_messages, ends_at):
        store_batch(source, batch)
        moments.append(datetime.now(UTC))
    there = [moments[place % len(moments)] for place in way]
    fresh = []
    for moment in there:
        CACHE.clear()
        fresh.append(rows_at(moment))
        with outline_opened(FIXTURE, moment) as need_bets:
            need_bets(list(Market.objects.values_list("market_id", flat=True)))
            outline = everything(*KEYFRAMES)
        with fixture_opened(FIXTURE, moment):
            assert outline == everything(*KEYFRAMES)
    CACHE.clear()
    for moment, made in zip(there, fresh, strict=True):
        moved = rows_at(moment)
        assert {name: (rows, made.get(name)) for name, rows in moved.items() if rows != made.get(name)} == {}


def test_going_on_reads_what_changed_and_nothing_else(source: FeedSource):
    (first, _), (second, _), (third, _) = prices_that_moved(source)
    with CaptureQueriesContext(connection) as made:
        rows_at(first)
    with CaptureQueriesContext(connection) as moved:
        rows_at(second)
    assert len(moved) < len(made)
    assert rows_at(third)["Bet"] != rows_at(second)["Bet"]
    assert len([key for key in CACHE.pasts if key[1] == (FIXTURE, "outline")]) == 1, "it is one that goes to and fro"


def test_before_the_fixture_was_there_nothing_of_it_is_left_and_all_comes_back(source: FeedSource):
    (moment, _), *_ = prices_that_moved(source)
    whole = rows_at(moment)
    with outline_opened(FIXTURE, moment - timedelta(hours=1)):
        assert [model.__name__ for model in (Fixture, Market, Bet, FixtureNote) if model.objects.exists()] == []
    assert rows_at(moment) == whole


def test_notes_come_and_go_with_the_moment(source: FeedSource):
    (first, _), (second, _), _ = prices_that_moved(source)
    note = FixtureNote.objects.create(fixture_id=FIXTURE, text="Late team news", written_at=second)
    seen = []
    for moment in (first, second, first):
        with outline_opened(FIXTURE, moment):
            seen.append(list(FixtureNote.objects.values_list("pk", flat=True)))
    assert seen == [[], [note.pk], []]
