"""Sports, and what their period numbers mean: 10 is a half, a round, a frame or an innings (protocol.md section 4)."""

from enum import IntEnum

from .table import label, table


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


#: Sports whose score counts the sets won; all others' is the sum of their periods.
SET_SPORTS = frozenset(
    {
        SportId.TENNIS,
        SportId.VOLLEYBALL,
        SportId.BEACH_VOLLEYBALL,
        SportId.TABLE_TENNIS,
        SportId.BADMINTON,
        SportId.SQUASH,
        SportId.PADEL,
    }
)


class PeriodType(IntEnum):
    """Period numbers that the desk itself acts on. Cricket alone has 80 for something else, its super over."""

    NOT_STARTED = -1
    GAME = 60
    TIE_BREAK = 61
    BREAK = 80
    FULL_TIME = 100
    AFTER_OVERTIME = 101
    AFTER_PENALTIES = 102


def ordinal(number: int) -> str:
    """ "1st", "2nd", "3rd", "4th", "11th"."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def counted(noun: str, last: int, first: int = 1) -> dict[int, str]:
    """Periods `first` to `last` named "1st set", "2nd set" and so on."""
    return {code: f"{ordinal(code - first + 1)} {noun}" for code in range(first, last + 1)}


BREAKS = table("-1 Not started | 80 Break")
ENDED = table("100 Full time | 101 After overtime | 102 After penalties")
FINAL = {100: "Final result"}
HALVES = {10: "1st half", 20: "2nd half"}
OVERTIME = {40: "Overtime"}
SHOOT_OUT = {50: "Penalties"}
QUARTERS = counted("quarter", 4)
AFTER_OVERTIME = {101: "After overtime"}
TIMED = ENDED | OVERTIME | SHOOT_OUT
TWO_OVERTIMES = ENDED | SHOOT_OUT | {40: "1st overtime", 45: "2nd overtime"}

#: What a number means where the sport is not known or has no table: only what it means everywhere.
COMMON = BREAKS | ENDED

PERIODS: dict[int, dict[int, str]] = {
    SportId.FOOTBALL: HALVES
    | ENDED
    | SHOOT_OUT
    | {25: "3rd half", 30: "1st half of overtime", 35: "2nd half of overtime"},
    SportId.BASKETBALL: QUARTERS | HALVES | OVERTIME | ENDED,
    SportId.AMERICAN_FOOTBALL: QUARTERS | HALVES | OVERTIME | ENDED,
    SportId.AUSTRALIAN_RULES: QUARTERS | HALVES | OVERTIME | ENDED,
    SportId.TENNIS: counted("set", 5) | FINAL | {60: "Game", 61: "Tie-break"},
    SportId.ICE_HOCKEY: counted("period", 3) | TIMED,
    SportId.FLOORBALL: counted("period", 3) | TIMED,
    SportId.BASEBALL: counted("inning", 9) | FINAL | AFTER_OVERTIME | {40: "Extra innings", 62: "Errors"},
    SportId.SOFTBALL: counted("inning", 7) | FINAL | AFTER_OVERTIME | {40: "Extra innings"},
    SportId.VOLLEYBALL: counted("set", 5) | FINAL | {50: "Golden set", 102: "After golden set"},
    SportId.BEACH_VOLLEYBALL: counted("set", 3) | FINAL,
    SportId.HANDBALL: HALVES | TIMED,
    SportId.FUTSAL: HALVES | TWO_OVERTIMES,
    SportId.FIELD_HOCKEY: QUARTERS | TWO_OVERTIMES,
    SportId.BANDY: HALVES | OVERTIME | ENDED,
    SportId.RUGBY_LEAGUE: HALVES | OVERTIME | ENDED,
    SportId.RUGBY_UNION: HALVES | OVERTIME | ENDED,
    SportId.BADMINTON: counted("game", 5) | FINAL,
    SportId.SQUASH: counted("game", 5) | FINAL,
    SportId.TABLE_TENNIS: counted("game", 7) | FINAL,
    SportId.CRICKET: FINAL
    | AFTER_OVERTIME
    | {10: "1st innings home", 11: "1st innings away", 20: "2nd innings home", 21: "2nd innings away"}
    | {70: "Over", 71: "Delivery", 80: "Super over"},
    SportId.E_GAMES: counted("map", 9) | FINAL | {65: "Round"},
    SportId.DARTS: FINAL | {67: "Leg"},
    SportId.BOXING: counted("round", 12) | FINAL,
    SportId.SNOOKER: counted("frame", 35) | FINAL,
    SportId.BOWLS: counted("set", 2) | FINAL | {50: "Tie-break"},
    SportId.WATER_POLO: QUARTERS | TIMED,
    SportId.NETBALL: QUARTERS | ENDED | {30: "1st half of overtime", 35: "2nd half of overtime"},
    SportId.KABADDI: HALVES | ENDED,
    SportId.CURLING: FINAL | {1: "Current end"},
    SportId.AUDL: counted("quarter", 301, first=298) | {302: "Full time"},
    SportId.PADEL: counted("set", 312, first=310) | {302: "Final result"},
}


def period_label(sport_id: int | None, code: int | None) -> str:
    """What a period is called in a sport; "Period 61" when nobody knows."""
    if code is None:
        return ""
    return PERIODS.get(sport_id or 0, {}).get(code) or label(COMMON, code, "Period")


def period_is_known(sport_id: int | None, code: int) -> bool:
    """Whether the number has a name in that sport; in a sport without a table, one that it has everywhere."""
    return code in COMMON or code in PERIODS.get(sport_id or 0, {})
