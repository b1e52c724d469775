"""Types of messages; states of fixtures, bets, settlements and subscriptions (docs/protocol.md, Statuses)."""

from enum import IntEnum

from .table import label, table


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

#: Statuses of a match that has not begun, or will start again.
BEFORE_PLAY = UPCOMING | {FixtureStatus.POSTPONED}


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


class SubscriptionType(IntEnum):
    """The kind of package that ordered a fixture."""

    IN_PLAY = 1
    PRE_MATCH = 2


class SubscriptionStatus(IntEnum):
    """Whether the package still has the fixture."""

    NOT_SET = 0
    SUBSCRIBED = 1
    PENDING = 2
    UNSUBSCRIBED = 3
    DELETED = 4


class OutrightScoreStatus(IntEnum):
    """How far an outright is, in its results: the numbers of `FixtureStatus`, as far as these go, under other names."""

    UNKNOWN = 0
    PENDING = 1
    IN_PROGRESS = 2
    COMPLETED = 3


MESSAGE_TYPES = table(
    """
1 Fixture | 2 Livescore | 3 Market | 31 Keep alive | 32 Heartbeat | 35 Settlement | 36 Snapshot | 37 Outright fixture
38 Outright league fixture | 39 Outright score | 40 Outright league market | 41 Outright fixture market
42 Outright settlement | 43 Outright league settlement
"""
)
STATUSES = table(
    """
0 Not set | 1 Not started | 2 In progress | 3 Finished | 4 Cancelled | 5 Postponed | 6 Interrupted | 7 Abandoned
8 Coverage lost | 9 About to start
"""
)
OUTRIGHT_SCORE_STATUSES = STATUSES | table("0 Unknown | 1 Pending | 2 In progress | 3 Completed")
SUBSCRIPTION_TYPES = table("1 In-play | 2 Pre-match")
SUBSCRIPTION_STATUSES = table("0 Not set | 1 Subscribed | 2 Pending | 3 Unsubscribed | 4 Deleted")
BET_STATUSES = table("0 Not set | 1 Open | 2 Suspended | 3 Settled")
SETTLEMENTS = table("-1 Cancelled | 0 Not settled | 1 Lost | 2 Won | 3 Refund | 4 Half lost | 5 Half won")
#: As they stand after "Suspended: ".
SUSPENSION_REASONS = table(
    """
1 by the bookmakers | 3 by most bookmakers | 4 threshold reached | 5 by a mandatory bookmaker
6 score inconsistent | 7 price out of range | 8 line type removed | 9 line out of range | 10 status of the fixture
11 main line only | 12 data limit | 13 outlier | 14 settings changed | 15 fair price calculation | 16 negative margin
20 by the system of LSports
"""
)


def message_type_label(code: int | None) -> str:
    """What a message of this type is about."""
    return label(MESSAGE_TYPES, code, "Type")


def status_label(code: int | None) -> str:
    """The status of a fixture or scoreboard: "About to start"."""
    return label(STATUSES, code, "Status")


def bet_status_label(code: int | None) -> str:
    """The status of a bet or market."""
    return label(BET_STATUSES, code, "Status")


def settlement_label(code: int | None) -> str:
    """How a bet was settled."""
    return label(SETTLEMENTS, code, "Settlement")


def suspension_label(code: int | None) -> str:
    """Why LSports suspended a bet."""
    return label(SUSPENSION_REASONS, code, "Reason")


def outright_score_label(code: int | None) -> str:
    """How far an outright is, in its results."""
    return label(OUTRIGHT_SCORE_STATUSES, code, "Status")


def subscription_type_label(code: int | None) -> str:
    """The kind of package that ordered a fixture."""
    return label(SUBSCRIPTION_TYPES, code, "Type")


def subscription_status_label(code: int | None) -> str:
    """Whether the package still has the fixture."""
    return label(SUBSCRIPTION_STATUSES, code, "Status")
