"""Sports: one record each, with all in which the desk treats them differently. A new sport is a new record here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum

from .periods import (
    AFTER_OVERTIME,
    COMMON,
    ENDED,
    FINAL,
    HALVES,
    OVERTIME,
    QUARTERS,
    SHOOT_OUT,
    TIMED,
    TWO_OVERTIMES,
    counted,
)
from .table import label


class SportId(IntEnum):
    """LSports' ids of sports."""

    FOOTBALL = 6046
    ICE_HOCKEY = 35232
    FLOORBALL = 35706
    HANDBALL = 35709
    BANDY = 46957
    BASKETBALL = 48242
    TENNIS = 54094
    AMERICAN_FOOTBALL = 131506
    VOLLEYBALL = 154830
    BASEBALL = 154914
    BOXING = 154919
    DARTS = 154923
    SNOOKER = 262622
    TABLE_TENNIS = 265917
    RUGBY_UNION = 274791
    RUGBY_LEAGUE = 274792
    CURLING = 307126
    WATER_POLO = 388764
    AUSTRALIAN_RULES = 389537
    CRICKET = 452674
    FIELD_HOCKEY = 530129
    BEACH_VOLLEYBALL = 621569
    FUTSAL = 687887
    HORSE_RACING = 687888
    GOLF = 687889
    E_GAMES = 687890
    BADMINTON = 1149093
    NETBALL = 1149097
    SQUASH = 1149104
    BOWLS = 1149113
    SOFTBALL = 1149122
    KABADDI = 1149123
    AUDL = 1149124
    PADEL = 1149125


class ClockWay(Enum):
    """Which way a sport's clock runs. LSports documents only that it may run down; UNSTATED lets the scores tell."""

    UP = "up"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Sport:
    """A sport as LSports has it.

    `periods` names its period numbers. Where it `counts_sets` the total score is the number of sets won, otherwise the
    sum of the periods. `minutes` is how long a match lasts, as far as its followers count in minutes. `situation` are
    the names of the livescore's extra data that describe the moment of play, in the order in which they are read. Who
    leads by `sure_lead` in the second half is no outsider any more; 0: nobody knows by how much that would be. With
    `few_goals` each one is an event at which bookmakers close.
    """

    id: int
    periods: Mapping[int, str] = field(default_factory=dict)
    counts_sets: bool = False
    clock: ClockWay = ClockWay.UNSTATED
    minutes: int = 60
    can_be_drawn: bool = False
    reads_every_period: bool = False
    situation: tuple[str, ...] = ()
    sure_lead: int = 0
    few_goals: bool = False

    @property
    def shows_periods(self) -> bool:
        """Whether its followers read the score of every period: sets, quarters, innings."""
        return self.counts_sets or self.reads_every_period


DIAMOND = ("Balls", "Strikes", "Outs", "Bases")
COURT = ("Serve Number", "Tiebreak Score", "CourtSurfaceType")

SPORTS: Mapping[int, Sport] = {
    sport.id: sport
    for sport in (
        Sport(
            SportId.FOOTBALL,
            periods=HALVES
            | ENDED
            | SHOOT_OUT
            | {25: "3rd half", 30: "1st half of overtime", 35: "2nd half of overtime"},
            clock=ClockWay.UP,
            minutes=90,
            can_be_drawn=True,
            sure_lead=2,
            few_goals=True,
        ),
        Sport(
            SportId.ICE_HOCKEY,
            periods=counted("period", 3) | TIMED,
            can_be_drawn=True,
            reads_every_period=True,
            few_goals=True,
        ),
        Sport(SportId.FLOORBALL, periods=counted("period", 3) | TIMED, can_be_drawn=True, few_goals=True),
        Sport(SportId.HANDBALL, periods=HALVES | TIMED, clock=ClockWay.UP, can_be_drawn=True, sure_lead=8),
        Sport(SportId.BANDY, periods=HALVES | OVERTIME | ENDED, can_be_drawn=True, few_goals=True),
        Sport(SportId.BASKETBALL, periods=QUARTERS | HALVES | OVERTIME | ENDED, reads_every_period=True),
        Sport(
            SportId.TENNIS,
            periods=counted("set", 5) | FINAL | {60: "Game", 61: "Tie-break"},
            counts_sets=True,
            situation=COURT,
        ),
        Sport(SportId.AMERICAN_FOOTBALL, periods=QUARTERS | HALVES | OVERTIME | ENDED, reads_every_period=True),
        Sport(
            SportId.VOLLEYBALL,
            periods=counted("set", 5) | FINAL | {50: "Golden set", 102: "After golden set"},
            counts_sets=True,
        ),
        Sport(
            SportId.BASEBALL,
            periods=counted("inning", 9) | FINAL | AFTER_OVERTIME | {40: "Extra innings", 62: "Errors"},
            reads_every_period=True,
            situation=DIAMOND,
        ),
        Sport(SportId.BOXING, periods=counted("round", 12) | FINAL),
        Sport(SportId.DARTS, periods=FINAL | {67: "Leg"}),
        Sport(SportId.SNOOKER, periods=counted("frame", 35) | FINAL),
        Sport(SportId.TABLE_TENNIS, periods=counted("game", 7) | FINAL, counts_sets=True),
        *(
            Sport(
                rugby,
                periods=HALVES | OVERTIME | ENDED,
                clock=ClockWay.UP,
                minutes=80,
                can_be_drawn=True,
                sure_lead=15,
            )
            for rugby in (SportId.RUGBY_UNION, SportId.RUGBY_LEAGUE)
        ),
        Sport(SportId.CURLING, periods=FINAL | {1: "Current end"}),
        Sport(SportId.WATER_POLO, periods=QUARTERS | TIMED, can_be_drawn=True),
        Sport(SportId.AUSTRALIAN_RULES, periods=QUARTERS | HALVES | OVERTIME | ENDED, reads_every_period=True),
        Sport(
            SportId.CRICKET,
            periods=FINAL
            | AFTER_OVERTIME
            | {10: "1st innings home", 11: "1st innings away", 20: "2nd innings home", 21: "2nd innings away"}
            | {70: "Over", 71: "Delivery", 80: "Super over"},
            can_be_drawn=True,
        ),
        Sport(SportId.FIELD_HOCKEY, periods=QUARTERS | TWO_OVERTIMES, can_be_drawn=True, few_goals=True),
        Sport(SportId.BEACH_VOLLEYBALL, periods=counted("set", 3) | FINAL, counts_sets=True),
        Sport(
            SportId.FUTSAL,
            periods=HALVES | TWO_OVERTIMES,
            clock=ClockWay.UP,
            minutes=40,
            can_be_drawn=True,
            sure_lead=4,
            few_goals=True,
        ),
        Sport(SportId.HORSE_RACING),
        Sport(SportId.GOLF),
        Sport(SportId.E_GAMES, periods=counted("map", 9) | FINAL | {65: "Round"}),
        Sport(SportId.BADMINTON, periods=counted("game", 5) | FINAL, counts_sets=True),
        Sport(SportId.NETBALL, periods=QUARTERS | ENDED | {30: "1st half of overtime", 35: "2nd half of overtime"}),
        Sport(SportId.SQUASH, periods=counted("game", 5) | FINAL, counts_sets=True),
        Sport(SportId.BOWLS, periods=counted("set", 2) | FINAL | {50: "Tie-break"}),
        Sport(
            SportId.SOFTBALL,
            periods=counted("inning", 7) | FINAL | AFTER_OVERTIME | {40: "Extra innings"},
            situation=DIAMOND,
        ),
        Sport(SportId.KABADDI, periods=HALVES | ENDED),
        Sport(SportId.AUDL, periods=counted("quarter", 301, first=298) | {302: "Full time"}),
        Sport(
            SportId.PADEL,
            periods=counted("set", 312, first=310) | {302: "Final result"},
            counts_sets=True,
            situation=COURT,
        ),
    )
}
#: Descriptions that say after which period there is a break.
BREAK_AFTER = {46: 1, 47: 2, 48: 3, 49: 4, 50: 5, 51: 6}
#: Of a sport that has no record, and where the sport is not known, nothing is assumed.
UNKNOWN_SPORT = Sport(0)


def sport_traits(sport_id: int | None) -> Sport:
    """The sport's record; `UNKNOWN_SPORT` for one that has none."""
    return SPORTS.get(sport_id or 0, UNKNOWN_SPORT)


def period_label(sport_id: int | None, code: int | None) -> str:
    """What a period is called in a sport; "Period 61" when nobody knows."""
    if code is None:
        return ""
    return sport_traits(sport_id).periods.get(code) or label(COMMON, code, "Period")


def period_before_break(sport_id: int | None, description: int | None) -> int | None:
    """The period that a "Break after 2nd period" follows in a sport; None for other descriptions and unknown sports."""
    ordinal = BREAK_AFTER.get(description or 0, 0)
    periods = sport_traits(sport_id).periods
    return next((code for code in (ordinal, 10 * ordinal) if ordinal and code in periods), None)


def period_is_known(sport_id: int | None, code: int) -> bool:
    """Whether the number has a name in that sport; in a sport without a table, one that it has everywhere."""
    return code in COMMON or code in sport_traits(sport_id).periods
