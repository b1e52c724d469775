"""Bookmakers' rhythms are those of many gaps, and a silence is due by the rhythm as it is now."""

from datetime import UTC, datetime, timedelta

from feed.attention.concerns import Concern, Kind
from feed.attention.listing import AttentionList
from feed.attention.rhythm import LEAST_SECONDS, MOST_GAPS, NEW_GAPS, TIMES, Rhythms

NOW = datetime(2026, 11, 28, 15, tzinfo=UTC)


def speak(rhythms: Rhythms, seconds: float, times: int) -> None:
    for _ in range(times):
        rhythms.note(8, NOW, NOW + timedelta(seconds=seconds))


def test_a_rhythm_stands_until_enough_is_new():
    rhythms = Rhythms()
    speak(rhythms, 20, MOST_GAPS)
    assert rhythms.limit(8) == 20 * TIMES
    few = int(NEW_GAPS * MOST_GAPS)
    speak(rhythms, 40, few // 2)
    assert rhythms.limit(8) == 20 * TIMES
    speak(rhythms, 40, 4 * few)
    assert rhythms.limit(8) == 40 * TIMES


def test_a_silence_is_due_by_the_rhythm_of_now():
    listing = AttentionList()
    at, late = NOW - timedelta(minutes=10), NOW + timedelta(minutes=10)
    silent = Concern(Kind.STALE, 7, 0, 8, at, late, "Albion v City", "silent")
    assert listing.in_rhythm(silent) == silent
    speak(listing.rhythms, 2, 100)
    assert listing.in_rhythm(silent).due_at == at + timedelta(seconds=LEAST_SECONDS)
    closed = silent._replace(kind=Kind.CLOSED)
    assert listing.in_rhythm(closed) == closed
