"""LSports' numbers and their names (protocol.md section 4). Nowhere else in the desk is there a bare `2`."""

from enum import IntEnum


class MessageType(IntEnum):
    """The `Type` of a message's header."""

    FIXTURE = 1
    LIVESCORE = 2
    MARKET = 3
    KEEP_ALIVE = 31
    HEARTBEAT = 32
    SETTLEMENT = 35
    SNAPSHOT = 36
    OUTRIGHT_FIXTURE = 37
    OUTRIGHT_LEAGUE_FIXTURE = 38
    OUTRIGHT_SCORE = 39
    OUTRIGHT_LEAGUE_MARKET = 40
    OUTRIGHT_FIXTURE_MARKET = 41
    OUTRIGHT_SETTLEMENT = 42
    OUTRIGHT_LEAGUE_SETTLEMENT = 43


class FixtureStatus(IntEnum):
    """The status of a fixture and of its scoreboard."""

    NOT_SET = 0
    NOT_STARTED = 1
    IN_PROGRESS = 2
    FINISHED = 3
    CANCELLED = 4
    POSTPONED = 5
    INTERRUPTED = 6
    ABANDONED = 7
    LOST_COVERAGE = 8
    ABOUT_TO_START = 9


#: Statuses of the board's "in play" section: under way, or halted in a way that may go on.
IN_PLAY = frozenset({FixtureStatus.IN_PROGRESS, FixtureStatus.INTERRUPTED, FixtureStatus.LOST_COVERAGE})
#: Statuses of the board's "upcoming" section; all others are over.
UPCOMING = frozenset({FixtureStatus.NOT_SET, FixtureStatus.NOT_STARTED, FixtureStatus.ABOUT_TO_START})


class BetStatus(IntEnum):
    """The status of a bet or market."""

    NOT_SET = 0
    OPEN = 1
    SUSPENDED = 2
    SETTLED = 3


class Settlement(IntEnum):
    """How a bet was settled. LSports' rulebook page prints another table; captured messages fit this one only."""

    CANCELLED = -1
    NOT_SETTLED = 0
    LOSER = 1
    WINNER = 2
    REFUND = 3
    HALF_LOST = 4
    HALF_WON = 5
