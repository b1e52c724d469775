"""Periods, descriptions and statuses in the short forms that followers of a sport use, for rows of a single line.

What soon passes or is already over (a toss, a point, a completed treatment) is left out.
"""

from .livescore import description_label
from .periods import ordinal
from .sports import period_label
from .statuses import FixtureStatus, status_label
from .table import table

#: The letters of counted periods: "3rd quarter" is "Q3", but halves are "1H" and "2H".
NOUNS = {"set": "S", "quarter": "Q", "period": "P", "inning": "In", "round": "R", "frame": "Fr", "game": "G"}
COUNTED = {f"{ordinal(number)} {noun}": f"{word}{number}" for noun, word in NOUNS.items() for number in range(1, 36)}
#: By the full name of a period.
PERIODS = COUNTED | {
    "1st half": "1H",
    "2nd half": "2H",
    "3rd half": "3H",
    "1st half of overtime": "ET1",
    "2nd half of overtime": "ET2",
    "1st overtime": "OT1",
    "2nd overtime": "OT2",
    "Overtime": "OT",
    "After overtime": "AOT",
    "Penalties": "Pen",
    "After penalties": "AP",
    "Full time": "FT",
    "Final result": "FT",
    "Golden set": "GS",
    "After golden set": "AGS",
    "Extra innings": "Ext.",
    "1st innings home": "Inn1H",
    "1st innings away": "Inn1A",
    "2nd innings home": "Inn2H",
    "2nd innings away": "Inn2A",
    "Super over": "Super",
    "Current end": "End",
    "Game": "Gm",
    "Tie-break": "TB",
    "Errors": "Err.",
    "Delivery": "Del.",
}
DESCRIPTIONS = table(
    """
1 HT | 2 OT HT | 3 Ret. 1 | 4 Ret. 2 | 5 lost | 6 med. | 7 TO 1 | 8 TO 2 | 9 TO | 10 W/o 1 | 11 W/o 2 | 12 Drawn
13 check | 15 corr. | 16 med. | 22 ump. | 29 chal. | 32 toilet | 35 eval. | 41 Break
36 T-pen | 37 G-pen | 38 coach
52 after OT1 | 53 after OT2 | 54 after OT3 | 55 ET? | 56 pens? | 57 to ET | 58 ET break | 59 to pens
60 DQ 1 | 61 DQ 2 | 62 MD 1 | 63 MD 2 | 64 UD 1 | 65 UD 2 | 66 Sub. 1 | 67 Sub. 2 | 68 KO 1 | 69 KO 2 | 70 NC
71 top | 72 bot.
"""
)
STATUSES: dict[int, str] = {
    FixtureStatus.FINISHED: "Ended",
    FixtureStatus.INTERRUPTED: "Interr.",
    FixtureStatus.LOST_COVERAGE: "No cover",
    FixtureStatus.IN_PROGRESS: "In play",
}
#: Descriptions that are left out: what they name soon passes, or is over.
PASSING = frozenset({14, 17, 18, 19, 20, 21, *range(23, 29), 30, 31, 33, 34, 39, 40, *range(42, 46)})


def period_in_brief(sport_id: int | None, code: int | None) -> str:
    """ "Q3"; the full name where there is no shorter one."""
    name = period_label(sport_id, code)
    return PERIODS.get(name, name)


def description_in_brief(code: int | None) -> str:
    """ "HT", "TO 1"; empty for what is left out; the full label where there is no shorter one."""
    return "" if code in PASSING else DESCRIPTIONS.get(code or 0) or description_label(code)


def status_in_brief(code: int | None) -> str:
    return STATUSES.get(code or 0) or status_label(code)
