"""The course of a fixture from its announcement to its final status, around the contest's own play.

Statuses change as docs/protocol.md allows (Statuses). Most fixtures go as planned; a few are postponed, cancelled,
interrupted, abandoned, with lost coverage or corrected, as their fate says.
"""

from collections.abc import Iterator
from enum import StrEnum
from math import inf
from random import Random

from feed.codes import FixtureStatus

from .contest import Contest

ABOUT_TO_START_SECONDS = 900.0
#: Some results are never validated: finished, but not confirmed (docs/protocol.md, Livescore).
UNCONFIRMED = 0.1
RECALLED = 0.4


class Fate(StrEnum):
    """How a fixture ends: as planned, or otherwise."""

    NORMAL = "normal"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    ABANDONED = "abandoned"
    LOST = "lost"
    CORRECTED = "corrected"


SHARES = {
    Fate.NORMAL: 0.82,
    Fate.POSTPONED: 0.02,
    Fate.CANCELLED: 0.02,
    Fate.INTERRUPTED: 0.04,
    Fate.ABANDONED: 0.01,
    Fate.LOST: 0.05,
    Fate.CORRECTED: 0.04,
}


def draw_fate(rng: Random) -> Fate:
    return rng.choices(list(SHARES), list(SHARES.values()))[0]


def course(contest: Contest, wait_for_start: float, minutes: float, fate: Fate = Fate.NORMAL) -> Iterator[float]:
    """Yields the seconds until the next happening. `minutes` is about how long the contest takes, once begun."""
    last_minutes = min(wait_for_start, ABOUT_TO_START_SECONDS)
    yield from contest.prepare(wait_for_start - last_minutes)
    if fate is Fate.POSTPONED:
        contest.set_status(FixtureStatus.POSTPONED)
        yield 1200.0
    if fate in (Fate.POSTPONED, Fate.CANCELLED):
        contest.card.extra["CancellationReason"] = "Event Cancelled"
        contest.end_without_result(FixtureStatus.CANCELLED)
        return
    contest.set_status(FixtureStatus.ABOUT_TO_START)
    yield last_minutes
    contest.set_status(FixtureStatus.IN_PROGRESS)
    yield from under_way(contest, minutes * 60, fate)
    if contest.over:
        yield from afterwards(contest)


def season_course(contest: Contest) -> Iterator[float]:
    """A season is "not started" until it is over (seen in LSports' examples)."""
    for wait in contest.play():
        yield wait
        contest.pass_time(wait)
    yield from afterwards(contest)


def under_way(contest: Contest, seconds: float, fate: Fate) -> Iterator[float]:
    """The play itself. What fate has in store happens somewhere in the middle."""
    strikes = seconds * contest.rng.uniform(0.1, 0.7) if fate is not Fate.NORMAL else inf
    found = inf
    elapsed = 0.0
    for wait in contest.play():
        yield wait
        contest.pass_time(wait)
        elapsed += wait
        if elapsed > strikes and not contest.done:
            strikes = inf
            if fate is Fate.CORRECTED:
                contest.correct_clock()
            elif fate is Fate.LOST:
                contest.covered, found = False, elapsed + contest.rng.uniform(180, 900)
                contest.set_status(FixtureStatus.LOST_COVERAGE)
            else:
                yield from interrupted(contest, fate)
                if contest.void:
                    return
        if elapsed > found and not contest.done:
            contest.covered, found = True, inf
            contest.set_status(FixtureStatus.IN_PROGRESS)
    contest.covered = True


def interrupted(contest: Contest, fate: Fate) -> Iterator[float]:
    """Play halts, for some minutes or for good; its clock stands still meanwhile."""
    contest.set_status(FixtureStatus.INTERRUPTED)
    yield contest.rng.uniform(300, 1200)
    if fate is Fate.ABANDONED:
        contest.end_without_result(FixtureStatus.ABANDONED)
    else:
        contest.set_status(FixtureStatus.IN_PROGRESS)


def afterwards(contest: Contest) -> Iterator[float]:
    """The result is confirmed a while after the end; late additions may follow even later."""
    yield contest.rng.uniform(60, 150)
    if contest.rng.random() >= UNCONFIRMED:
        contest.confirm()
    yield contest.rng.uniform(30, 120)
    if contest.rng.random() < RECALLED:
        contest.recall()
        yield 10.0
