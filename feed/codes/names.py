"""Numbers by their names, as some write them: LSports' own in its SDKs, and ours."""

from collections.abc import Mapping

from .hyper import folded
from .livescore import DESCRIPTIONS
from .periods import HALVES, QUARTERS, SHOOT_OUT, PeriodType, counted
from .statistics import INCIDENTS, STATISTICS


def by_name(*tables: Mapping[int, str]) -> dict[str, int]:
    """The number of each name; the lowest where several numbers have the same name."""
    pairs = sorted(((number, name) for table in tables for number, name in table.items()), reverse=True)
    return {folded(name): number for number, name in pairs}


#: LSports' names where they differ from ours.
DESCRIPTION_NAMES = by_name(DESCRIPTIONS) | {
    "none": 0,
    "ht": 1,
    "otht": 2,
    "lostcoverage": 5,
    "timeouthometeam": 7,
    "timeoutawayteam": 8,
    "swapserver": 27,
    "swapreceiver": 28,
    "breaktime": 41,
    "enteringextratime": 57,
    "extratimebreak": 58,
    "enteringpenaltyshootout": 59,
    "fighter1disqualification": 60,
    "fighter2disqualification": 61,
    "fighter1majoritydecision": 62,
    "fighter2majoritydecision": 63,
    "fighter1unanimousdecision": 64,
    "fighter2unanimousdecision": 65,
    "fighter1submission": 66,
    "fighter2submission": 67,
    "fighter1kotko": 68,
    "fighter2kotko": 69,
    "top": 71,
    "bottom": 72,
}
#: Periods whose names say which number they have, whatever the sport.
PERIOD_NAMES = by_name(HALVES, QUARTERS, SHOOT_OUT, counted("set", 5)) | {
    "nsy": PeriodType.NOT_STARTED,
    "notstarted": PeriodType.NOT_STARTED,
    "firsthalf": 10,
    "secondhalf": 20,
    "penaltyshootout": 50,
    "game": PeriodType.GAME,
    "tiebreak": PeriodType.TIE_BREAK,
    "break": PeriodType.BREAK,
    "breaktime": PeriodType.BREAK,
    "halftime": PeriodType.BREAK,
    "ht": PeriodType.BREAK,
    "fulltime": PeriodType.FULL_TIME,
    "ft": PeriodType.FULL_TIME,
    "afterovertime": PeriodType.AFTER_OVERTIME,
    "afterpenalties": PeriodType.AFTER_PENALTIES,
}
POSITION_NAMES = {"home": 1, "away": 2, "hometeam": 1, "awayteam": 2, "h": 1, "a": 2}
STATISTIC_NAMES = by_name(STATISTICS, INCIDENTS)
