"""What a bet's price was: for a chart, in no more points than it has pixels."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from feed.journal.prices import bet_states
from feed.live.programs.rows import iso
from feed.models import Bet
from feed.pages.prices.odds import exact_text
from feed.vouching.predicate import is_offered

MOST_POINTS = 5000

#: A moment, the price from then on, and whether one could bet at it.
Tick = tuple[datetime, Decimal | None, int]


def bet_history(
    fixture_id: int, market_id: int, bet_id: int, provider_id: int | None = None, points: int = 600
) -> dict[str, Any]:
    """The history of a bet in at most `points` points of equal time, oldest first, as plain JSON values.

    `points` is brought within 1 to 5000. Each point has the price at its end (`last`) and the lowest and highest in it;
    `at` is when `last` began to hold. `suspended` are the spans without an offer; an open one has no `until`. Opening,
    previous and current price are those of the bet's row. Without a provider, the bet of that id at the provider with
    the lowest number is taken (0: LSports' own). Raises `Bet.DoesNotExist`.
    """
    bets = Bet.objects.filter(fixture_id=fixture_id, market_id=market_id, bet_id=bet_id).select_related("provider")
    bet = (bets if provider_id is None else bets.filter(provider_id=provider_id)).order_by("provider_id").first()
    if bet is None:
        raise Bet.DoesNotExist(f"fixture {fixture_id} has no bet {bet_id} in market {market_id}")
    ticks = ticks_of(bet)
    return {
        "fixture_id": bet.fixture_id,
        "market_id": bet.market_id,
        "provider": {"id": bet.provider_id, "name": bet.provider.name},
        "bet_id": str(bet.bet_id),
        "name": bet.name,
        "line": bet.line,
        "revision": bet.revision,
        **summary(bet, ticks),
        "points": buckets(ticks, max(1, min(points, MOST_POINTS))),
        "suspended": suspended_spans(ticks),
    }


def ticks_of(bet: Bet) -> list[Tick]:
    """All ticks of a bet in the order in which they came; one whose time is before that of the tick before it gets that
    time."""
    ticks: list[Tick] = []
    for state in bet_states(bet.fixture_id, bet.market_id, {(bet.provider_id, bet.bet_id)}):
        ticks.append((max(state.at, ticks[-1][0]) if ticks else state.at, state.price, state.status))
    return ticks


def summary(bet: Bet, ticks: Sequence[Tick]) -> dict[str, Any]:
    """Opening price: what LSports calls the start price, or else the first that we saw."""
    opening = bet.start_price or next((price for _, price, _ in ticks if price is not None), None)
    return {
        "opening": exact_text(opening),
        "previous": exact_text(bet.previous_price),
        "current": exact_text(bet.price),
        "status": bet.status,
        "from": iso(ticks[0][0]) if ticks else None,
        "until": iso(ticks[-1][0]) if ticks else None,
    }


def buckets(ticks: Sequence[Tick], points: int) -> list[dict[str, Any]]:
    """The prices in stretches of equal time; a stretch without a price of its own has no point."""
    priced = [(at, price) for at, price, _ in ticks if price is not None]
    if not priced:
        return []
    first, length = priced[0][0], (priced[-1][0] - priced[0][0]) / points
    found: dict[int, list[tuple[datetime, Decimal]]] = {}
    for at, price in priced:
        number = min(int((at - first) / length), points - 1) if length else 0
        found.setdefault(number, []).append((at, price))
    return [point(stretch) for stretch in found.values()]


def point(stretch: Sequence[tuple[datetime, Decimal]]) -> dict[str, Any]:
    prices = [price for _, price in stretch]
    at, last = stretch[-1]
    return {"at": iso(at), "last": exact_text(last), "low": exact_text(min(prices)), "high": exact_text(max(prices))}


def suspended_spans(ticks: Iterable[Tick]) -> list[dict[str, str | None]]:
    """When the bet itself was not open (begin and end); the history does not say what else held its price."""
    spans: list[dict[str, str | None]] = []
    was_open = True
    for at, price, status in ticks:
        is_open = is_offered(status, price)
        if was_open and not is_open:
            spans.append({"from": iso(at), "until": None})
        elif is_open and not was_open:
            spans[-1]["until"] = iso(at)
        was_open = is_open
    return spans
