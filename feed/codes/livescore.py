"""What a scoreboard says beside the score: description, clock, danger, the incident being confirmed."""

from enum import IntEnum

from .periods import PeriodType
from .statuses import UPCOMING, FixtureStatus
from .table import label, table


class ClockStatus(IntEnum):
    """Whether the match clock runs."""

    STOPPED = 0
    RUNNING = 1
    PAUSED = 2


class Confirmation(IntEnum):
    """Whether the current incident stands."""

    CONFIRMED = 0
    TO_BE_DECIDED = 1
    CANCELLED = 2


class DangerType(IntEnum):
    """What a danger trigger warns of."""

    GENERAL = 1
    CARDS = 2
    CORNERS = 3


class DangerStatus(IntEnum):
    """Whether it is about to happen."""

    SAFE = 1
    DANGER = 2


DESCRIPTIONS = table(
    """
1 Half-time | 2 Overtime half-time | 3 Home retired | 4 Away retired | 5 Coverage lost | 6 Medical time-out
7 Time-out home | 8 Time-out away | 9 Time-out | 10 Home walkover | 11 Away walkover | 12 Match drawn
13 Ball mark inspection | 14 Ball mark inspection completed | 15 Correction mode | 16 Medical treatment
17 Treatment completed | 18 Players on court | 19 Toss started | 20 Toss saved | 21 Umpire on court
22 Umpiring cancelled | 23 Warm-up started | 24 Warm-up completed | 25 Medical time-out cancelled
26 Medical time-out completed | 27 Server swapped | 28 Receiver swapped | 29 Challenge started
30 Challenge completed | 31 Challenge cancelled | 32 Toilet break started | 33 Toilet break completed
34 Toilet break cancelled | 35 Evaluation started | 36 Time penalty | 37 Game penalty | 38 Coaching started
39 Coaching cancelled | 40 Coaching completed | 41 Break | 42 Point started | 43 Point scored | 44 Point fault
45 Point replayed | 46 Break after 1st period | 47 Break after 2nd period | 48 Break after 3rd period
49 Break after 4th period | 50 Break after 5th period | 51 Break after 6th period | 52 Break after 1st overtime
53 Break after 2nd overtime | 54 Break after 3rd overtime | 55 Waiting for extra time | 56 Waiting for penalties
57 Extra time about to start | 58 Break in extra time | 59 Penalty shoot-out about to start
60 Fighter 1 disqualified | 61 Fighter 2 disqualified | 62 Fighter 1 by majority decision
63 Fighter 2 by majority decision | 64 Fighter 1 by unanimous decision | 65 Fighter 2 by unanimous decision
66 Fighter 1 by submission | 67 Fighter 2 by submission | 68 Fighter 1 by KO or TKO | 69 Fighter 2 by KO or TKO
70 No contest | 71 Top of the inning | 72 Bottom of the inning
"""
)
CLOCK_STATUSES = table("0 Stopped | 1 Running | 2 Paused")
CONFIRMATIONS = table("0 Confirmed | 1 To be decided | 2 Cancelled")
DANGER_TYPES = table("1 General | 2 Cards | 3 Corners")
DANGER_STATUSES = table("1 Safe | 2 Danger")


#: Descriptions that are a break of the contest: between halves, quarters, sets.
BREAK_DESCRIPTIONS = frozenset({1, 2, 41, *range(46, 55), 58})
#: Descriptions in which the contest waits for overtime or penalties.
BEFORE_MORE = frozenset({55, 56, 57, 59})
#: Descriptions in which play pauses and the clock stands: breaks, time-outs, treatment, waiting for more play.
PAUSES = BREAK_DESCRIPTIONS | BEFORE_MORE | {5, 6, 7, 8, 9, 16, 32}
#: Descriptions that say how a contest ended: they belong to its result.
ENDINGS = frozenset({3, 4, 10, 11, 12, *range(60, 71)})
COVERAGE_LOST = 5
#: Periods that hold the final result.
FINAL_PERIODS = frozenset({PeriodType.FULL_TIME, PeriodType.AFTER_OVERTIME, PeriodType.AFTER_PENALTIES})


def description_label(code: int | None) -> str:
    """More about the state of play ("Half-time"); empty for 0, which is none."""
    return label(DESCRIPTIONS, code or None, "Description")


def clock_label(code: int | None) -> str:
    """Whether the clock runs."""
    return label(CLOCK_STATUSES, code, "Clock")


def confirmation_label(code: int | None) -> str:
    """Whether the current incident stands."""
    return label(CONFIRMATIONS, code, "Confirmation")


def danger_label(code: int | None) -> str:
    """What a danger trigger warns of."""
    return label(DANGER_TYPES, code, "Danger")


def danger_status_label(code: int | None) -> str:
    """Whether the danger is there."""
    return label(DANGER_STATUSES, code, "Danger status")


#: Statuses that a scoreboard may state beside its own.
STATED_BESIDE = frozenset({FixtureStatus.FINISHED, FixtureStatus.LOST_COVERAGE})


def status_stated(status: int, description: int | None, period: int | None) -> int:
    """The status that a scoreboard states in all: one in play, or before it, is over where it says beside that how it
    ended, or that the final result is there."""
    if status not in UPCOMING and status != FixtureStatus.IN_PROGRESS:
        return status
    if description == COVERAGE_LOST:
        return FixtureStatus.LOST_COVERAGE
    is_over = description in ENDINGS or (period in FINAL_PERIODS and description not in PAUSES)
    return FixtureStatus.FINISHED if is_over else status
