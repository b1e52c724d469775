"""The tiles of the health page: each says what is, and whether that is normal."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from feed.models import Break, LeafBatch, ProofLog, Recovery, RejectedMessage
from feed.operations.growth import growth
from feed.operations.last_hour import HEIGHT, Tile, chart, last_hour, records
from feed.vouching.sources import read_vouching
from tests.rows import make_fixture, make_market, make_source

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 9, 30, 20, tzinfo=UTC)


def tile(title: str) -> Tile:
    return next(found for found in last_hour(read_vouching(NOW), NOW) if found.title == title)


def store(*batches: tuple[float, int]) -> None:
    """Batches of so many records, so many minutes ago, the oldest first."""
    first = 0
    for minutes, count in batches:
        at = NOW - timedelta(minutes=minutes)
        LeafBatch.objects.create(first=first, count=count, committed_at=at, leaves=b"")
        first += count
    ProofLog.objects.update_or_create(pk=1, defaults={"size": first})


def test_records_are_counted_by_the_minute_in_which_they_were_stored():
    store((90, 1000), (3, 7), (2, 5), (1.9, 4), (1, 3), (0.1, 50))
    counts = records(NOW)
    assert counts is not None
    assert (len(counts), counts[-3:], sum(counts)) == (60, [7, 9, 3], 19)


def test_a_minute_without_a_record_after_an_hour_full_of_them_is_not_normal():
    every_minute = [(float(minutes), 100) for minutes in range(60, 0, -1)]
    store(*every_minute)
    assert (tile("Stored a minute").now, tile("Stored a minute").is_normal) == ("100", True)
    LeafBatch.objects.filter(committed_at__gte=NOW - timedelta(minutes=2)).delete()
    ProofLog.objects.update(size=5800)
    assert (tile("Stored a minute").now, tile("Stored a minute").is_normal) == ("0", False)


def test_a_desk_that_began_minutes_ago_is_compared_with_these_minutes():
    store((3, 100), (2, 100), (1, 20), (0.1, 1))
    assert (tile("Stored a minute").now, tile("Stored a minute").is_normal) == ("20", False)


def test_a_desk_that_has_stored_nothing_yet_says_so_and_is_not_at_fault():
    ProofLog.objects.all().delete()
    assert (tile("Stored a minute").now, tile("Stored a minute").is_normal) == ("–", True)


@pytest.mark.parametrize(
    ("own_ms", "is_normal"), [(120, True), (900, False)], ids=["promptly stored", "what waits for the consumer"]
)
def test_the_backlog_is_the_time_from_receipt_until_stored(own_ms: int, is_normal: bool):
    make_source(age_ms=1000 + own_ms, supplier_age_ms=1000)
    assert (tile("Backlog").now, tile("Backlog").is_normal) == (f"{own_ms} ms", is_normal)


def test_rejected_messages_breaks_and_recoveries_of_the_last_hour_are_not_normal():
    source = make_source()
    assert all(tile(title).is_normal for title in ("Rejected", "Breaks", "Recoveries"))
    for minutes in (5, 70):
        at = NOW - timedelta(minutes=minutes)
        RejectedMessage.objects.create(source=source, received_at=at, reason="?", body=b"", digest=str(minutes))
        Break.objects.create(source=source, epoch=minutes, reason="?", noticed_at=at)
    Recovery.objects.create(source=source, epoch=5, reason="?", began_at=NOW - timedelta(minutes=5))
    found = {title: (tile(title).now, tile(title).is_normal) for title in ("Rejected", "Breaks", "Recoveries")}
    assert found == {"Rejected": ("1", False), "Breaks": ("1", False), "Recoveries": ("1 under way", False)}


@pytest.mark.parametrize(("minutes", "stale"), [(4, "0"), (6, "1"), (600, "1")])
def test_a_fixture_in_play_that_has_not_changed_for_five_minutes_is_stale(minutes: int, stale: str):
    make_fixture(received_at=NOW - timedelta(minutes=minutes))
    make_fixture(8, status=3, received_at=NOW - timedelta(hours=9))
    assert (tile("Stale fixtures").now, tile("Stale fixtures").is_normal) == (stale, stale == "0")


def test_a_market_that_a_message_is_missing_from_is_a_hole():
    source, fixture = make_source(), make_fixture(received_at=NOW)
    assert tile("Holes").is_normal
    make_market(fixture, skipped_at=NOW, gap_since=NOW, numbered_by=source.pk)
    assert (tile("Holes").now, tile("Holes").is_normal) == ("1", False)


def test_the_highest_bar_is_as_high_as_the_chart_and_the_lowest_can_be_seen():
    bars, units, most = chart([0, 1, 10_000])
    assert [(bar.left, bar.top + bar.height, bar.height) for bar in bars] == [(1, HEIGHT, 1), (2, HEIGHT, HEIGHT)]
    assert (units, most) == (3, "10,000")


def test_the_size_of_the_database_is_told(either_database: str):
    cache.clear()
    found = growth(NOW.date())
    assert found.now.endswith(("MB", "GB"))
    assert found.units == (7 if either_database == "postgresql" else 0)
