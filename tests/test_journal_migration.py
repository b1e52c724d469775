"""Prices and scores of before the journal are in it after the upgrade."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from feed.journal.prices import bet_states, settlements
from feed.journal.scores import score_history
from feed.models import Fixture

from .conftest import default_database
from .test_journal import differences, past, stored

BEFORE = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def old_database(request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: Any) -> Iterator[Any]:
    """A database of the version before; yields its models."""
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("empty_postgresql_url")
    with django_db_blocker.unblock(), default_database(url):
        call_command("migrate", "feed", "0022", verbosity=0)
        yield MigrationExecutor(connection).loader.project_state([("feed", "0022_journal")]).apps


def test_what_goes_on_has_its_whole_state_from_the_upgrade_on(old_database: Any):
    of_fixture = {"fixture_id": 7}
    stamps = {"source_id": 1, "sent_at": BEFORE, "received_at": BEFORE}
    made = {
        "Fixture": [
            {"id": 7, "status": 2, "revision": 9, "scoreboard_revision": 4, "markets_revision": 9, "stored_at": BEFORE}
            | stamps
        ],
        "Participant": [of_fixture | {"slot": 1, "participant_id": 1, "name": "Home"}],
        "Scoreboard": [of_fixture | {"status": 2, "scores": {"1": "2"}, "revision": 4, **stamps}],
        "Market": [of_fixture | {"market_id": 1, "name": "1X2", "revision": 9}],
        "Bet": [of_fixture | {"market_id": 1, "provider_id": 8, "bet_id": n, "name": "X", **stamps} for n in (1, 2)],
    }
    for name, rows in made.items():
        for row in rows:
            old_database.get_model("feed", name).objects.create(**row)
    call_command("migrate", "feed", verbosity=0)
    assert not differences(past(7, datetime.now(UTC)), stored(7))
    assert not past(7, BEFORE)[Fixture], "before the journal no state is known"


def test_old_prices_and_scores_are_carried_over(old_database: Any):
    bet = {"fixture_id": 7, "market_id": 1, "provider_id": 8, "bet_id": 2**60, "at": BEFORE, "received_at": BEFORE}
    ticks = old_database.get_model("feed", "PriceTick").objects
    for revision, price, status in ((1, "2.1", 1), (1, "2.2", 1), (2, "2.2", 3)):
        ticks.create(
            **bet, price=Decimal(price), status=status, settlement=2 if status == 3 else None, revision=revision
        )
    score = {"fixture_id": 7, "at": BEFORE, "received_at": BEFORE, "status": 2}
    for home in ("0", "1"):
        old_database.get_model("feed", "ScoreTick").objects.create(**score, scores={"1": home, "2": "0"}, revision=3)
    call_command("migrate", "feed", verbosity=0)
    history = [(state.at, str(state.price.normalize()), state.status) for state in bet_states(7, 1, {(8, 2**60)})]
    assert history == [(BEFORE, "2.1", 1), (BEFORE, "2.2", 1), (BEFORE, "2.2", 3)]
    assert [state.settlement for state in settlements([7])] == [2]
    assert [scores.scores["1"] for scores in score_history(7)] == ["0", "1"]
    assert "feed_pricetick" not in connection.introspection.table_names()
