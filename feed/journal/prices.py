"""How bets went: every distinct price and status that each had, in the order in which they came."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from feed.codes import BetStatus
from feed.models import JournalEntry

from .blobs import Integers, MaybeIntegers, unpacked
from .entries import Key, chains

Part = JournalEntry.Part
#: Texts of prices and times whose value is remembered: a history has few different ones.
TEXTS_REMEMBERED = 10_000

BetKey = tuple[int, int]


class BetState(msgspec.Struct, frozen=True, gc=False):
    """A bet was this from `at` on (LSports' word, or when the message was sent); `entry` is the id of the entry."""

    entry: int
    market: tuple[int, int]
    provider_id: int
    bet_id: int
    at: datetime
    received_at: datetime
    price: Decimal | None
    status: int
    settlement: int | None
    suspension_reason: int | None

    @property
    def bet(self) -> tuple[int, int, int, int]:
        """The bet's fixture, market, provider and id."""
        return *self.market, self.provider_id, self.bet_id

    @property
    def shown(self) -> tuple[Decimal | None, int, int | None, int | None]:
        """The fields of a bet that a history shows."""
        return self.price, self.status, self.settlement, self.suspension_reason


class PriceColumns(msgspec.Struct, array_like=True, gc=False):
    """The columns of states (`feed.journal.blobs`) that a history shows. Few values are needed, so prices and
    times are read as they are written."""

    provider_id: Integers
    bet_id: Integers
    price: str | list[str | None] | None
    status: Integers
    settlement: MaybeIntegers
    suspension_reason: MaybeIntegers
    probability: msgspec.Raw
    calculated_margin: msgspec.Raw
    last_update: str | list[str | None] | None


class BetPrice(msgspec.Struct, gc=False):
    """What a history shows of a bet that is written whole."""

    provider_id: int
    bet_id: int
    price: Decimal | None = None
    status: int = 0
    settlement: int | None = None
    suspension_reason: int | None = None
    last_update: datetime | None = None
    unreadable: bool = False


class PriceStep(msgspec.Struct, array_like=True, gc=False):
    received_at: datetime
    sent_at: datetime
    source_id: int
    market: msgspec.Raw
    providers: msgspec.Raw
    states: PriceColumns | None
    bets: list[BetPrice]
    late: PriceColumns | None = None


class PriceWhole(msgspec.Struct, array_like=True, gc=False):
    providers: msgspec.Raw
    bets: list[BetPrice]


class PriceBlob(msgspec.Struct, array_like=True, gc=False):
    sent_at: msgspec.Raw
    steps: list[PriceStep]
    whole: PriceWhole | None


read_prices = msgspec.json.Decoder(PriceBlob).decode


def bet_states(fixture_id: int, market_id: int, bets: Collection[BetKey], newest: int | None = None) -> list[BetState]:
    """What bets of a market, by provider and id, have been; of its `newest` entries, if given.

    A state that differs from the one before in nothing that a history shows is left out. One that came late stands
    where it would have come in time.
    """
    entries = JournalEntry.objects.filter(fixture_id=fixture_id, part=Part.MARKET, market_id=market_id)
    rows = list(columns_of(entries.order_by("-revision"))[:newest])
    needles = [str(bet_id).encode() for _, bet_id in bets]
    rows.reverse()
    states = list(states_of(rows, frozenset(bets), needles))
    for state in late_states_of(rows, frozenset(bets), needles):
        before = (n for n in reversed(range(len(states))) if states[n].bet == state.bet and states[n].at <= state.at)
        states.insert(next(before, -1) + 1, state)
    return distinct(states)


def late_states_of(
    rows: Iterable[tuple[int, int, int, Any]], bets: frozenset[BetKey], needles: Collection[bytes]
) -> Iterator[BetState]:
    """The states of bets that came when newer ones had come before."""
    for pk, fixture_id, market_id, stored in rows:
        blob = unpacked(stored)
        if any(needle in blob for needle in needles):
            for step in read_prices(blob).steps:
                if step.late is not None:
                    yield from moved(step.late, step, (pk, (fixture_id, market_id)), bets)


def columns_of(entries: Any) -> Any:
    """The columns of entries of which `states_of` makes states."""
    return entries.values_list("id", "fixture_id", "market_id", "blob")


def states_of(
    rows: Iterable[tuple[int, int, int, Any]], bets: frozenset[BetKey] | None = None, needles: Collection[bytes] = ()
) -> Iterator[BetState]:
    """The states in entries of markets; those of `bets` alone, if given, whose ids are the `needles`."""
    for pk, fixture_id, market_id, stored in rows:
        blob = unpacked(stored)
        if bets is not None and not any(needle in blob for needle in needles):
            continue
        for step in read_prices(blob).steps:
            if step.states is not None:
                yield from moved(step.states, step, (pk, (fixture_id, market_id)), bets)
            for row in step.bets:
                if bets is None or (row.provider_id, row.bet_id) in bets:
                    yield whole(row, step, (pk, (fixture_id, market_id)))


Place = tuple[int, tuple[int, int]]


def whole(row: BetPrice, step: PriceStep, place: Place) -> BetState:
    at = step.sent_at if row.unreadable else row.last_update or step.sent_at
    key, times = (row.provider_id, row.bet_id), (at, step.received_at)
    return BetState(*place, *key, *times, row.price, row.status, row.settlement, row.suspension_reason)


def moved(states: PriceColumns, step: PriceStep, place: Place, bets: frozenset[BetKey] | None) -> Iterator[BetState]:
    """The states in columns."""
    for n in places(states, bets):
        update = at_place(states.last_update, n)
        yield BetState(
            *place,
            at_place(states.provider_id, n),
            at_place(states.bet_id, n),
            step.sent_at if update is None else time_of(update),
            step.received_at,
            price_of(at_place(states.price, n)),
            at_place(states.status, n),
            at_place(states.settlement, n),
            at_place(states.suspension_reason, n),
        )


def at_place(column: Any, n: int) -> Any:
    """A bet's value in a column, which may be that of all."""
    return column[n] if type(column) is list else column


def places(states: PriceColumns, bets: frozenset[BetKey] | None) -> Sequence[int]:
    """Where in the columns these bets are, or all bets. Looked for in C: most entries have two dozen others."""
    providers, ids = states.provider_id, states.bet_id
    if bets is None or not isinstance(ids, list):
        others = states.price, states.status, states.settlement, states.suspension_reason, states.last_update
        count = max(len(column) if isinstance(column, list) else 1 for column in (providers, ids, *others))
        if bets is None:
            return range(count)
        return [n for n in range(count) if (at_place(providers, n), ids) in bets]
    found = []
    for provider_id, bet_id in bets:
        n = -1
        for _ in range(ids.count(bet_id)):
            n = ids.index(bet_id, n + 1)
            if at_place(providers, n) == provider_id:
                found.append(n)
    return sorted(found)


@lru_cache(TEXTS_REMEMBERED)
def price_of(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@lru_cache(TEXTS_REMEMBERED)
def time_of(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def distinct(states: Iterable[BetState]) -> list[BetState]:
    """Without those that show the same as the bet's state before."""
    last: dict[tuple[int, int, int, int], tuple[Any, ...]] = {}
    found = []
    for state in states:
        bet, now = state.bet, state.shown
        if last.get(bet) != now:
            last[bet] = now
            found.append(state)
    return found


def settlements(fixture_ids: Collection[int], market_ids: Collection[int] | None = None) -> list[BetState]:
    """Each time that a bet of these fixtures was settled, and how, in the order in which they came."""
    rows = JournalEntry.objects.filter(fixture_id__in=fixture_ids, settles=True)
    if market_ids is not None:
        rows = rows.filter(market_id__in=market_ids)
    states = states_of(columns_of(rows.order_by("fixture_id", "revision", "id")))
    return distinct(state for state in states if state.status == BetStatus.SETTLED)


def open_prices(markets: Collection[tuple[int, int]], until: datetime) -> dict[tuple[int, int, int, int], Decimal]:
    """What bets of these markets, by fixture and id, last cost at that moment, while they were open.

    Of one that was not open since the market's last keyframe, the price that it had there.
    """
    prices: dict[tuple[int, int, int, int], Decimal] = {}
    for (fixture_id, _, market_id), entries in chains([Key(f, Part.MARKET, m) for f, m in markets], until).items():
        market = fixture_id, market_id
        if (first := read_prices(unpacked(entries[0].blob))).whole is not None:
            prices |= {(*market, row.provider_id, row.bet_id): row.price for row in first.whole.bets if row.price}
        for state in states_of((0, *market, entry.blob) for entry in entries):
            if state.status == BetStatus.OPEN and state.price is not None:
                prices[state.bet] = state.price
    return prices
