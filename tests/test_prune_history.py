"""Old history is forgotten by whole days; what the day still needs stays."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from feed.models import PriceTick, ScoreTick
from feed.store import partitions, pruning, store_batch
from feed.store.tables import PRICE_TICKS

from .conftest import default_database
from .saying import FIXTURE, a_source, bet, livescore_message, market_message

TODAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


def history(days_ago: int, number: int) -> None:
    """A price and a score received so many days ago."""
    batch = [market_message(bet(number)), livescore_message(number, str(number), "0")]
    for message in batch:
        message.received_at = TODAY - timedelta(days=days_ago)
    store_batch(a_source(), batch)


def prune(days: object) -> str:
    out = StringIO()
    call_command("prune_history", f"--keep-days={days}", stdout=out)
    return out.getvalue()


def left() -> tuple[list[int], int]:
    return list(PriceTick.objects.order_by("bet_id").values_list("bet_id", flat=True)), ScoreTick.objects.count()


@pytest.mark.usefixtures("either_database")
class TestPruning:
    def test_it_forgets_days_before_those_to_keep(self):
        for number, days_ago in enumerate([5, 3, 2, 0]):
            history(days_ago, number)
        told = prune(2)
        assert left() == ([2, 3], 2)
        assert "price" in told
        assert f"from before {TODAY.date() - timedelta(days=2)}" in told

    def test_it_changes_nothing_when_nothing_is_old(self):
        history(0, 1)
        prune(1)
        assert left() == ([1], 1)

    def test_it_keeps_bets_and_scores_themselves(self):
        history(9, 1)
        prune(1)
        assert left() == ([], 0)
        source = a_source()
        message = market_message(bet(1, "2.2", 1), sent=1)
        message.received_at = TODAY
        store_batch(source, [message])
        assert left() == ([1], 0)

    def test_it_deletes_in_small_steps(self, monkeypatch):
        monkeypatch.setattr(pruning, "STEP_ROWS", 2)
        tick = {"market_id": 1, "provider_id": 0, "status": 1, "revision": 1}
        received = datetime(1999, 1, 1, tzinfo=UTC)
        PriceTick.objects.bulk_create(
            PriceTick(fixture_id=FIXTURE, bet_id=n, at=received, received_at=received, **tick) for n in range(5)
        )
        told: list[int | None] = []
        pruning.prune(date(2000, 1, 1), lambda table, rows: told.append(rows))
        assert (left(), told) == (([], 0), [2, 4, 5])

    @pytest.mark.parametrize("days", ["0", "-1", "x", "99999"])
    def test_it_refuses_what_is_no_number_of_days(self, days: str):
        with pytest.raises(CommandError, match="is not a number of days"):
            prune(days)


@pytest.fixture
def on_postgresql(migrated_postgresql: str, transactional_db: None) -> Iterator[None]:
    with default_database(migrated_postgresql):
        yield
        call_command("flush", verbosity=0, interactive=False)


@pytest.mark.usefixtures("on_postgresql")
class TestPartitions:
    def test_it_makes_a_partition_for_each_day(self):
        history(40, 1)
        history(41, 2)
        days = set(partitions.partitions(PRICE_TICKS).values())
        assert {TODAY.date() - timedelta(days=40), TODAY.date() - timedelta(days=41), None} <= days
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ONLY feed_pricetick_default")
            assert cursor.fetchone() == (0,)

    def test_it_drops_the_partition_of_a_day_that_is_over(self):
        history(44, 1)
        assert "feed_pricetick_" in prune(30)
        assert TODAY.date() - timedelta(days=44) not in partitions.partitions(PRICE_TICKS).values()

    def test_it_stores_on_a_day_whose_partition_was_dropped(self):
        history(45, 1)
        prune(30)
        history(45, 2)
        assert left() == ([2], 1)
        partitions.KNOWN.clear()
        history(45, 3)
        assert left() == ([2, 3], 2)
