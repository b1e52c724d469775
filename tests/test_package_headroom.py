"""Headroom: how full, how fast, how long, and when to worry."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packages_admin.headroom import Level, Reading, headroom

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def readings(*pairs: tuple[int, int]) -> list[Reading]:
    """Readings of (seconds ago, waiting), newest first."""
    return [Reading(at=NOW - timedelta(seconds=ago), waiting=waiting) for ago, waiting in pairs]


@pytest.mark.parametrize(
    ("pairs", "level", "sentence"),
    [
        ([(0, 0)], Level.FINE, "0 of 10,000 (0 %), no trend yet."),
        ([(0, 4999)], Level.FINE, "4,999 of 10,000 (49 %), no trend yet."),
        ([(0, 5000)], Level.WARN, "5,000 of 10,000 (50 %), no trend yet."),
        ([(0, 5000), (60, 5000)], Level.WARN, "5,000 of 10,000 (50 %), steady."),
        ([(0, 4000), (60, 4600)], Level.FINE, "4,000 of 10,000 (40 %), falling by 10 a second."),
        ([(0, 6000), (60, 5400)], Level.WARN, "6,000 of 10,000 (60 %), growing by 10 a second: full in 6 min."),
        ([(0, 3), (10, 0)], Level.FINE, "3 of 10,000 (0 %), no trend yet."),
        (
            [(0, 3000), (10, 2500), (20, 1000)],
            Level.URGENT,
            "3,000 of 10,000 (30 %), growing by 100 a second: full in 70 s.",
        ),
        ([(0, 9000)], Level.URGENT, "9,000 of 10,000 (90 %), no trend yet."),
        (
            [(0, 10000), (60, 9000)],
            Level.FULL,
            "10,000 of 10,000 (100 %), the limit: LSports has switched it off or is about to.",
        ),
    ],
)
def test_it_says_how_full_and_how_long(pairs: list[tuple[int, int]], level: Level, sentence: str):
    room = headroom(10_000, readings(*pairs))
    assert (room.level, room.sentence) == (level, sentence)


def test_the_trend_is_that_of_the_last_five_minutes():
    room = headroom(10_000, readings((0, 1300), (100, 1200), (300, 1000), (301, 9000)))
    assert room.growth == 1


def test_while_nobody_reads_the_queue_grows_by_what_lsports_sends():
    unread = Reading(at=NOW, waiting=9_000, per_second=50, consumers=0)
    assert headroom(10_000, [unread]).seconds_left == 20
    read = Reading(at=NOW, waiting=9_000, per_second=50, consumers=1)
    assert headroom(10_000, [read]).seconds_left is None


@given(
    limit=st.sampled_from([10_000, 50_000]),
    waits=st.lists(st.integers(0, 100_000), min_size=1, max_size=20),
    gap=st.integers(1, 120),
)
def test_more_waiting_is_never_less_worrying(limit: int, waits: list[int], gap: int):
    series = readings(*((number * gap, waiting) for number, waiting in enumerate(waits)))
    fuller = [Reading(at=series[0].at, waiting=series[0].waiting + 1), *series[1:]]
    before, after = headroom(limit, series), headroom(limit, fuller)
    order = list(Level)
    assert order.index(after.level) >= order.index(before.level)
    assert before.seconds_left is None or before.seconds_left >= 0
    assert before.sentence
