"""Two sides measured in turns: a busy machine is as bad for one as for the other."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

#: What a side does in round so-and-so.
Side = Callable[[int], object]


def in_turns(
    ours: Side, reference: Side, rounds: int, prepare: Side = lambda _: None
) -> tuple[list[float], list[float]]:
    """Seconds of each round, of both. Who begins changes from round to round; `prepare` is not timed."""
    mine: list[float] = []
    theirs: list[float] = []
    for number in range(rounds):
        prepare(number)
        sides = [(ours, mine), (reference, theirs)]
        for side, took in sides if number % 2 else reversed(sides):
            started = perf_counter()
            side(number)
            took.append(perf_counter() - started)
    return mine, theirs


def row(
    what: str,
    unit: str,
    ours: float,
    reference: float | None = None,
    ratio: float | None = None,
    goal: str = "",
    holds: bool = True,
    **more: object,
) -> dict[str, Any]:
    """A line of the table: what it is, both figures, their ratio, what it has to be; `more` goes into the JSON only.

    Without a reference or a goal the line is there to be known.
    """
    figures = {"ours": rounded(ours), "reference": rounded(reference), "unit": unit, "ratio": rounded(ratio, 2)}
    return {"what": what, **figures, "goal": goal, "holds": holds, **more}


def rounded(figure: float | None, digits: int = 1) -> float | None:
    return None if figure is None else round(figure, digits)


def rate_row(what: str, messages: int, mine: list[float], theirs: list[float], least: float) -> dict[str, Any]:
    """Messages a second, and the median of the rounds' ratios."""
    ratio = median(other / own for own, other in zip(mine, theirs, strict=True))
    rates = messages / median(mine), messages / median(theirs)
    return row(what, "messages/s", *rates, ratio, f">= {least}", ratio >= least)
