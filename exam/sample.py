"""What somebody saw: samples of a page or of a program, as spans in which each bet was shown in one way."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from .truth import Key


class View(NamedTuple):
    """At `at` (seconds since 1970) a bet was shown in another way than before.

    `shown` is its price while it looked open, "" while it looked closed, None once it was not shown any more.
    """

    at: float
    key: Key
    shown: str | None


class Span(NamedTuple):
    """From `begin` until `end` a bet was shown: open at this price, or closed (None)."""

    key: Key
    begin: float
    end: float
    price: Decimal | None


def spans_of(views: Iterable[View], until: float) -> Iterator[Span]:
    """The spans between the views; what was shown last was shown `until` the sampling ended."""
    shown: dict[Key, View] = {}
    for view in sorted(views, key=lambda view: view.at):
        before = shown.pop(view.key, None)
        if before is not None:
            yield span(before, view.at)
        if view.shown is not None:
            shown[view.key] = view
    yield from (span(view, until) for view in shown.values())


def span(view: View, end: float) -> Span:
    return Span(view.key, view.at, max(end, view.at), Decimal(view.shown) if view.shown else None)
