"""Periods: the numbers that mean the same in every sport, and what all others are called in each.

10 is a half, a round, a frame or an innings: it depends on the sport (docs/protocol.md, Periods).
"""

from enum import IntEnum

from .table import table


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
