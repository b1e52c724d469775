"""LSports' numbers of which the desk knows the names alone (docs/protocol.md, Numbers and names)."""

from enum import IntEnum


class Description(IntEnum):
    """Why the scoreboard is in its status or break."""

    NONE = 0
    HALF_TIME = 1
    HOME_RETIRED = 3
    AWAY_RETIRED = 4
    LOST_COVERAGE = 5
    TIMEOUT_HOME = 7
    TIMEOUT_AWAY = 8
    BREAK_TIME = 41
    AFTER_FIRST = 46
    AFTER_SECOND = 47
    AFTER_THIRD = 48
    AFTER_FOURTH = 49
    AFTER_FIFTH = 50
    AFTER_SIXTH = 51
    WAITING_FOR_EXTRA_TIME = 55
    WAITING_FOR_PENALTIES = 56
    EXTRA_TIME_BREAK = 58


class Happening(IntEnum):
    """Incident and statistic types; LSports has one number space for both."""

    CORNERS = 1
    SHOTS_ON_TARGET = 2
    SHOTS_OFF_TARGET = 3
    ATTACKS = 4
    DANGEROUS_ATTACKS = 5
    YELLOW_CARD = 6
    RED_CARD = 7
    PENALTIES = 8
    SUBSTITUTIONS = 10
    POSSESSION = 11
    FOULS = 12
    OFFSIDES = 15
    ACES = 20
    DOUBLE_FAULTS = 21
    PENALTY_GOAL = 25
    SCORE = 27
    TWO_POINTS = 28
    THREE_POINTS = 30
    TIME_OUTS = 31
    FREE_THROWS = 32
    HITS = 33
    MISSED_PENALTY = 40
    TOUCHDOWNS = 129
    FIELD_GOALS = 135
    EXTRA_POINTS = 153
    TWO_MINUTE_PENALTY = 2037
    POINTS_SCORED = 2043
    PENALTY_MINUTES = 2051
    HOME_RUNS = 2082
    STRIKE_OUTS = 2083
    BREAK_POINTS_WON = 66


class Reason(IntEnum):
    """Why a bet is suspended."""

    PROVIDERS = 1
    MAJORITY = 3
    OUT_OF_PRICE_RANGE = 7
    OUT_OF_LINE_RANGE = 9
    FIXTURE_STATUS = 10
    SYSTEM = 20
