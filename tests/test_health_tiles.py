"""The tiles of the health page: each says what is, and whether that is normal."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from feed.live.hub.minutes import minute_of, note_minute
from feed.models import Break, HealthMinute, Provider, Recovery, RejectedMessage
from feed.operations.by_minute import read_hour
from feed.operations.growth import growth
from feed.operations.last_hour import hour_before, last_hour
from feed.operations.tiles import HEIGHT, Tile, chart
from feed.vouching.sources import read_vouching
from tests.rows import make_bet, make_fixture, make_market, make_source

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 9, 30, 20, tzinfo=UTC)


def tile(title: str) -> Tile:
    return next(found for found in last_hour(read_vouching(NOW), NOW) if found.title == title)


def minute(back: int, **fields: Any) -> HealthMinute:
    """The row of the minute that began so many minutes before this one."""
    return HealthMinute.objects.create(at=NOW.replace(second=0) - timedelta(minutes=back), **fields)


def work(*taken: int, busy_ms: int = 0) -> None:
    """A queue that took so many messages in each of the last minutes, working so long in each."""
    total = 1000
    for number, count in enumerate((0, *taken)):
        total += count
        minute(len(taken) - number, queues={"1": [total, busy_ms * number]})


def test_messages_are_counted_by_the_minute():
    work(7, 0, 3)
    assert (tile("Messages a minute").now, tile("Messages a minute").units) == ("3", 60)
    assert [bar.left for bar in tile("Messages a minute").bars] == [57, 59]


@pytest.mark.parametrize(("last", "is_normal"), [(30, True), (20, False)], ids=["a quarter of the median", "fewer"])
def test_few_messages_after_an_hour_full_of_them_are_not_normal(last: int, is_normal: bool):
    work(*[100] * 50, last)
    assert tile("Messages a minute").is_normal is is_normal


def test_a_queue_whose_counts_begin_anew_is_not_counted_for_that_minute():
    minute(1, queues={"1": [900, 0], "2": [50, 0]})
    minute(0, queues={"1": [5, 0], "2": [60, 0]})
    assert tile("Messages a minute").now == "10"


def test_a_desk_of_which_no_minute_is_kept_says_so_and_is_not_at_fault():
    found = last_hour(read_vouching(NOW), NOW)
    assert [one.title for one in found if not one.is_normal] == []
    assert (tile("Messages a minute").now, tile("Headroom").now, tile("Screens").now) == ("–", "–", "–")


@pytest.mark.parametrize(
    ("busy_ms", "left", "is_normal"), [(6_000, "90 %", True), (45_000, "25 %", False), (70_000, "0 %", False)]
)
def test_headroom_is_the_time_that_the_busiest_consumer_has_left(busy_ms: int, left: str, is_normal: bool):
    work(1, 1, busy_ms=busy_ms)
    assert (tile("Headroom").now, tile("Headroom").is_normal) == (left, is_normal)


def test_a_bookmaker_is_silent_by_its_own_rhythm():
    Provider.objects.create(id=8, name="Kestrel Bet")
    for back in range(20, 0, -1):
        minute(back, books={"8": 5, "9": 400})
    minute(0, books={"8": 200, "9": 500})
    found = tile("Bookmakers heard")
    assert (found.now, found.is_normal) == ("1 / 2", False)
    assert found.normal.startswith("Silent: Kestrel Bet.")


def test_half_of_the_sockets_gone_is_not_normal():
    minute(2, sockets=100, processes=2)
    minute(1, sockets=100, processes=2)
    minute(0, sockets=40, processes=1)
    assert (tile("Sockets").now, tile("Sockets").is_normal) == ("40", False)


def test_the_hour_before_a_moment_is_told_from_its_minutes():
    minute(70, sockets=3, processes=1, stale=2, in_play=9, holes=1, own_ms=40, supplier_ms=700, size=10**8)
    minute(0, sockets=99)
    then = {one.title: one.now for one in hour_before(NOW - timedelta(minutes=70))}
    assert (then["Sockets"], then["Stale fixtures"], then["Holes"], then["Our lag"]) == ("3", "2", "1", "40 ms")
    assert (then["LSports' lag"], then["Database"]) == ("700 ms", "100 MB")


def test_the_tiles_take_ten_queries_and_a_minute_eleven(django_assert_max_num_queries: Any):
    make_source()
    make_fixture(received_at=NOW)
    cache.set(f"health:sizes:{NOW.date()}", (1, []))
    vouching = read_vouching(NOW)
    with django_assert_max_num_queries(10):
        last_hour(vouching, NOW)
    with django_assert_max_num_queries(11):
        note_minute()
    with django_assert_max_num_queries(1):
        note_minute()


def test_a_minute_has_the_bookmakers_silence_and_what_was_taken():
    source, fixture = make_source(taken=40, busy_ms=7, age_ms=900, supplier_age_ms=650), make_fixture(received_at=NOW)
    make_bet(make_market(fixture), "1", "2.5", received_at=NOW - timedelta(seconds=12))
    row = minute_of(NOW, NOW.replace(second=0))
    assert row.queues == {str(source.pk): [40, 7]}
    assert (row.own_ms, row.supplier_ms, row.in_play, row.stale) == (250, 650, 1, 0)
    assert list(row.books.values()) == [12]


@pytest.mark.parametrize(
    ("own_ms", "is_normal"), [(120, True), (900, False)], ids=["promptly stored", "what waits for the consumer"]
)
def test_our_lag_is_the_time_from_receipt_until_stored(own_ms: int, is_normal: bool):
    make_source(age_ms=1000 + own_ms, supplier_age_ms=1000)
    assert (tile("Our lag").now, tile("Our lag").is_normal) == (f"{own_ms} ms", is_normal)


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
    found = growth(NOW.date(), read_hour(NOW))
    assert found.now.endswith(("MB", "GB"))
    assert found.units == (7 if either_database == "postgresql" else 60)
