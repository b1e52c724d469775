"""The counts: price-seconds that nobody vouches for, veil that nobody needs, and the time until all is well again."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from math import inf
from typing import NamedTuple

from .sample import Span
from .truth import Key, Offered, Truth

#: The stated time of notice for what the desk can know at once.
NOTICE = 1.0
#: How long a price that has opened may take to be on the screen before its veil is needless.
NEWS = 2.0
#: A page shows two places: what it rounds is the same price.
ROUNDING = Decimal("0.0051")
#: All is well again once this share of what is open looks open, for this long.
WELL_SHARE, WELL_SECONDS, STEP = 0.99, 2.0, 0.2


class Excuse(NamedTuple):
    """What became different from `begin` on need not be known before `begin` + `seconds`: a stated time of notice."""

    begin: float
    seconds: float

    @property
    def end(self) -> float:
        return self.begin + self.seconds


class Window(NamedTuple):
    begin: float
    end: float

    def overlap(self, begin: float, end: float) -> float:
        return max(0.0, min(end, self.end) - max(begin, self.begin))


class Wrong(NamedTuple):
    """A bet that looked open at `price` for `seconds` from `begin` on, though it was not; `truth` is how it stood."""

    key: Key
    begin: float
    seconds: float
    price: Decimal
    truth: Decimal | None


def unvouched(spans: Iterable[Span], truth: Truth, window: Window, excuses: Sequence[Excuse] = ()) -> list[Wrong]:
    """What looked open in the window though the truth says otherwise, beyond the time of notice; the longest first."""
    wrongs = [
        wrong
        for span in spans
        if span.price is not None and span.key not in truth.ambiguous and window.overlap(span.begin, span.end)
        for wrong in wrongs_of(span, span.price, truth, window, excuses)
    ]
    return sorted(wrongs, key=lambda wrong: -wrong.seconds)


def wrongs_of(span: Span, price: Decimal, truth: Truth, window: Window, excuses: Sequence[Excuse]) -> Iterator[Wrong]:
    for states, end in departures(price, truth, span.key):
        begin = states[0].at
        due = due_at(min(map(truth.knowable_at, states)), begin, excuses)
        from_, until = max(span.begin, due, window.begin), min(span.end, end, window.end)
        if until > from_:
            yield Wrong(span.key, from_, until - from_, price, states[0].price)


def departures(price: Decimal, truth: Truth, key: Key) -> Iterator[tuple[list[Offered], float]]:
    """The states on end in which the bet did not stand open at this price, and when it did again."""
    states: list[Offered] = []
    for begin, _, state in truth.spans(key):
        if not is_same(state.price, price):
            states.append(state)
        elif states:
            yield states, begin
            states = []
    if states:
        yield states, inf


def is_same(one: Decimal | None, other: Decimal) -> bool:
    return one is not None and abs(one - other) < ROUNDING


def due_at(knowable: float, happened: float, excuses: Sequence[Excuse]) -> float:
    """When it must not be painted any more: a second after it can be known, or when a fault's own time of notice is
    over, where it happened within that time."""
    due = knowable + NOTICE
    for excuse in excuses:
        if excuse.begin - NOTICE <= happened and min(knowable, due) <= excuse.end:
            due = max(due, excuse.end)
    return due


class Veil(NamedTuple):
    """How many price-seconds were open and shown, and how many of these looked closed."""

    needless: float
    of: float

    @property
    def share(self) -> float:
        return self.needless / self.of if self.of else 0.0


def veil(spans: Iterable[Span], truth: Truth, windows: Sequence[Window]) -> Veil:
    """What looked closed though it was open and all was well; a price that has just opened has two seconds."""
    needless = of = 0.0
    for begin, end, looks_open in open_spans(spans, truth):
        seconds = sum(window.overlap(begin, end) for window in windows)
        of += seconds
        needless += 0.0 if looks_open else seconds
    return Veil(needless, of)


def open_spans(spans: Iterable[Span], truth: Truth) -> Iterator[tuple[float, float, bool]]:
    """When a bet that was shown was open (begin and end), news aside, and whether it looked so."""
    for span in spans:
        for begin, end, state in truth.spans(span.key):
            since, until = max(span.begin, begin + NEWS), min(span.end, end)
            if state.price is not None and until > since:
                yield since, until, span.price is not None


def healed_after(spans: Iterable[Span], truth: Truth, ended_at: float, until: float) -> float | None:
    """Seconds from the end of a fault until all that is open looks open, and stays so; None where it never did."""
    of_interest = [span for span in open_spans(spans, truth) if span[1] > ended_at and span[0] < until]
    well_since: float | None = None
    moment = ended_at
    while moment < until:
        now = [looks_open for begin, end, looks_open in of_interest if begin <= moment < end]
        if sum(now) < WELL_SHARE * len(now):
            well_since = None
        elif well_since is None:
            well_since = moment
        moment += STEP
    if well_since is None or until - well_since < WELL_SECONDS:
        return None
    return well_since - ended_at
