"""Prices of which both sides speak: the words of the side in charge are shown, what the other says of the same waits.

A bet belongs to the side that speaks of it. One of which only the side that is not in charge speaks is stored beside
the others, and closed (`feed.vouching`): so a change of hands exchanges the rows of which both speak, and removes none.
"""

from copy import copy

from msgspec.structs import replace

from feed.changes import Aspect
from feed.models.market import CALCULATED
from feed.store.arrival import Origin
from feed.store.rows.fixture_rows import FixtureRows, MarketRows, Pending
from feed.store.rows.structs import BetRow, MarketRow
from feed.store.rows.tables import PROVIDER_MARKETS, WAITING_MARKETS
from feed.store.rows.waiting import load_waiting, row_of
from feed.store.sides import OTHER
from feed.store.sql.database import statements
from feed.wire.messages import Bet, Event, Market, ProviderMarket

from .bets import apply_bets
from .markets import apply_markets, close_lost_markets, note_changed
from .names import Names


def apply_prices(rows: FixtureRows, event: Event, origin: Origin, pending: Pending, names: Names) -> None:
    """Take what a message says of markets: shown, or waiting until its side is in charge."""
    own = origin.sides.own
    note_side(rows, origin, pending)
    if not own or not rows.fixture.has_two_sides:
        take(rows, event, origin, pending, names)
        return
    load_waiting([rows], statements())
    if rows.fixture.charge == own:
        for market in event.markets or ():
            displace(rows, market, origin, pending)
        take(rows, event, origin, pending, names)
    else:
        shown = [free(rows, market, origin) for market in event.markets or ()]
        take(rows, replace(event, markets=shown), origin, pending, names)
        take_free_bets(rows, event, origin, pending)
        wait(rows, event, origin, pending, names)


def note_side(rows: FixtureRows, origin: Origin, pending: Pending) -> None:
    """Note that the message's side speaks of the fixture's prices; the second one brings up who is in charge."""
    fixture, own = rows.fixture, origin.sides.own
    if not own or fixture.charge == own or (fixture.charge and fixture.has_two_sides):
        return
    if fixture.charge:
        fixture.has_two_sides = True
    else:
        fixture.charge = own
    rows.is_itself_changed = True
    rows.touch(None, origin)
    decide_charge(rows, origin, pending)


def decide_charge(rows: FixtureRows, origin: Origin, pending: Pending) -> None:
    """Put the right side in charge, now that a status or a side's state may have changed."""
    fixture = rows.fixture
    if fixture.has_two_sides and (side := origin.sides.in_charge(fixture.status)) != fixture.charge:
        hand_over(rows, side, origin, pending)


def hand_over(rows: FixtureRows, side: str, origin: Origin, pending: Pending) -> None:
    """Put this side in charge: its rows that were waiting take the place of the other side's."""
    load_waiting([rows], statements())
    rows.fixture.charge, left = side, OTHER[side]
    rows.moved = rows.is_itself_changed = True
    rows.touch(Aspect.MARKETS, origin)
    for market_id in [market_id for waiting, market_id in rows.waiting if waiting == side]:
        shelf, words = rows.markets[market_id], rows.waiting.pop((side, market_id))
        aside = waiting_shelf(rows, left, market_id)
        pending.remove(WAITING_MARKETS, row_of(side, words))
        exchange(rows, shelf, words, aside, origin, pending)
        pending.write(WAITING_MARKETS, row_of(left, aside))
        note_changed(rows, shelf, origin, pending)


def exchange(
    rows: FixtureRows, shelf: MarketRows, words: MarketRows, aside: MarketRows, origin: Origin, pending: Pending
) -> None:
    """Put the words on the shelf, and what they replace aside, where it is the side's whose turn is over."""
    left = OTHER[rows.fixture.charge]
    if words.row.side:
        if shelf.row.side == left:
            aside.row = shelf.row
        shelf.row = words.row
    shelf.row.status_revision, shelf.row.keyframe_at = rows.revision, None  # so much changes that all is written
    for provider_id, provider in words.provider_rows.items():
        before = shelf.provider_rows.get(provider_id)
        if before is not None and before.side == left:
            aside.provider_rows[provider_id] = before
        provider.revision = rows.revision
        shelf.provider_rows[provider_id] = provider
        pending.write(PROVIDER_MARKETS, provider)
        shelf.step.providers.append(provider)
    for provider_id, bets in words.bets.items():
        for bet in bets.values():
            old = shelf.bets.setdefault(provider_id, {}).get(bet.bet_id)
            if old is not None and old.source_id in origin.sides.ids[left]:
                aside.bets.setdefault(provider_id, {})[bet.bet_id] = old
            put_in_place(rows, shelf, bet, old, pending)


def put_in_place(rows: FixtureRows, shelf: MarketRows, bet: BetRow, old: BetRow | None, pending: Pending) -> None:
    """Show a bet that waited, in the place of the one that was shown."""
    if old is not None:
        pending.forget_bet(old)
    bet.revision = rows.revision
    shelf.bets[bet.provider_id][bet.bet_id] = bet
    pending.bets.append(bet)
    pending.new_bets[id(bet)] = bet
    shelf.step.bets.append(copy(bet))


def displace(rows: FixtureRows, market: Market, origin: Origin, pending: Pending) -> None:
    """Put aside the other side's words on what the side in charge speaks of now."""
    shelf, other, others = rows.markets[market.id], OTHER[origin.sides.own], origin.sides.others
    aside = waiting_shelf(rows, other, market.id)
    is_displaced = False
    if shelf.row.side == other:
        aside.row, is_displaced = shelf.row, True
        shelf.row = MarketRow(rows.fixture.id, market.id, status_revision=rows.revision)
    for provider in market.provider_markets or ():
        row = shelf.provider_rows.get(provider.id)
        if row is not None and row.side == other:
            aside.provider_rows[provider.id], is_displaced = shelf.provider_rows.pop(provider.id), True
            shelf.row.status_revision = rows.revision
    for provider_id, bets in bets_of(market):
        stored = shelf.bets.get(provider_id, {})
        for bet in bets:
            old = stored.get(bet.id)
            if old is not None and old.source_id in others:
                pending.forget_bet(old)
                aside.bets.setdefault(provider_id, {})[bet.id] = stored.pop(bet.id)
                is_displaced = True
    if is_displaced:
        pending.write(WAITING_MARKETS, row_of(other, aside))


def take(rows: FixtureRows, event: Event, origin: Origin, pending: Pending, names: Names) -> None:
    """Apply a message's markets. A market's row belongs to the side that first speaks of it."""
    for market in event.markets or ():
        row = rows.markets[market.id].row
        row.side = row.side or origin.sides.own
    if event.markets:
        apply_markets(rows, event.markets, origin, pending, names)
    if event.lost_markets:
        close_lost_markets(rows, event, origin, pending)


def free(rows: FixtureRows, market: Market, origin: Origin) -> Market:
    """The part of a market of which the other side, which is in charge, says nothing."""
    shelf, own, others = rows.markets[market.id], origin.sides.own, origin.sides.others
    providers = [
        replace(provider, bets=free_bets(shelf, provider.id, provider.bets, others))
        for provider in market.provider_markets or ()
        if is_free(shelf, provider, own)
    ]
    shown = replace(market, bets=free_bets(shelf, CALCULATED, market.bets, others), provider_markets=providers)
    if shelf.row.side in ("", own):
        return shown
    return replace(shown, main_line=None, status=None, unreadable=False, prediction_data=None)


def take_free_bets(rows: FixtureRows, event: Event, origin: Origin, pending: Pending) -> None:
    """Apply the bets that only this side has, of bookmakers of whom the side in charge speaks too."""
    for market in event.markets or ():
        shelf, changed = rows.markets[market.id], False
        for provider in market.provider_markets or ():
            if not is_free(shelf, provider, origin.sides.own):
                bets = free_bets(shelf, provider.id, provider.bets, origin.sides.others)
                changed |= apply_bets(rows, shelf, provider.id, bets, origin, pending)
        if changed:
            note_changed(rows, shelf, origin, pending)


def wait(rows: FixtureRows, event: Event, origin: Origin, pending: Pending, names: Names) -> None:
    """Apply what the side in charge speaks of too to what waits: the same rules, on rows that nobody sees."""
    own = origin.sides.own
    markets = [taken(rows, market, origin) for market in event.markets or ()]
    hidden = FixtureRows(replace(rows.fixture))
    hidden.revision = rows.revision
    for market in markets:
        shelf = waiting_shelf(rows, own, market.id)
        if rows.markets[market.id].row.side == OTHER[own]:
            shelf.row.side = own
    hidden.markets = {market_id: shelf for (side, market_id), shelf in rows.waiting.items() if side == own}
    if markets:
        apply_markets(hidden, markets, origin, Pending(), names)
    if event.lost_markets:
        close_lost_markets(hidden, event, origin, Pending())
    for market_id in hidden.changed_markets | hidden.numbered_markets:
        pending.write(WAITING_MARKETS, row_of(own, hidden.markets[market_id]))


def taken(rows: FixtureRows, market: Market, origin: Origin) -> Market:
    """The part of a market of which the other side speaks too."""
    shelf, own, others = rows.markets[market.id], origin.sides.own, origin.sides.others
    providers = []
    for provider in market.provider_markets or ():
        bets = taken_bets(shelf, provider.id, provider.bets, others)
        if bets or not is_free(shelf, provider, own):
            providers.append(replace(provider, bets=bets))
    waiting = replace(market, bets=taken_bets(shelf, CALCULATED, market.bets, others), provider_markets=providers)
    if shelf.row.side == OTHER[own]:
        return waiting
    return replace(waiting, main_line=None, status=None, unreadable=False, prediction_data=None)


def is_free(shelf: MarketRows, provider: ProviderMarket, own: str) -> bool:
    """Whether the other side says nothing of a bookmaker's market."""
    row = shelf.provider_rows.get(provider.id)
    return row is None or row.side in ("", own)


def free_bets(shelf: MarketRows, provider_id: int, bets: list[Bet] | None, others: frozenset[int]) -> list[Bet]:
    stored = shelf.bets.get(provider_id, {})
    return [bet for bet in bets or () if bet.id not in stored or stored[bet.id].source_id not in others]


def taken_bets(shelf: MarketRows, provider_id: int, bets: list[Bet] | None, others: frozenset[int]) -> list[Bet]:
    stored = shelf.bets.get(provider_id, {})
    return [bet for bet in bets or () if bet.id in stored and stored[bet.id].source_id in others]


def bets_of(market: Market) -> list[tuple[int, list[Bet]]]:
    """The bets of the market by bookmaker."""
    given = [(provider.id, provider.bets or []) for provider in market.provider_markets or ()]
    return [(CALCULATED, market.bets or []), *given]


def waiting_shelf(rows: FixtureRows, side: str, market_id: int) -> MarketRows:
    """What waits of a side's words on a market, empty at first."""
    empty = MarketRows(MarketRow(rows.fixture.id, market_id))
    return rows.waiting.setdefault((side, market_id), empty)
