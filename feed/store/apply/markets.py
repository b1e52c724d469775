"""Markets and settlements: deltas, so what a message does not name is as it was. Newer wins, bet by bet."""

import msgspec

from feed.changes import Aspect
from feed.codes import BetStatus, market_label
from feed.models import Provider
from feed.models.market import CALCULATED
from feed.store.arrival import MOST_AHEAD, Origin
from feed.store.rows.fixture_rows import FixtureRows, MarketRows, Pending
from feed.store.rows.structs import MarketRow, ProviderMarketRow
from feed.store.rows.tables import MARKETS, PROVIDER_MARKETS
from feed.wire.fields.bet_extra import figures, written
from feed.wire.messages import Event, Market, ProviderMarket

from .bets import apply_bets, close_others, folded
from .names import Names
from .numbers import follow, heal, is_behind
from .plain import plain_text

CALCULATED_NAME = "LSports"


def apply_markets(rows: FixtureRows, markets: list[Market], origin: Origin, pending: Pending, names: Names) -> None:
    """Take the bets of each market that are no older than the stored ones."""
    for market in markets:
        shelf = rows.markets[market.id]
        status = shelf.row.status, shelf.row.unreadable, shelf.row.gap_since
        is_numbered = follow(shelf.row, origin, pending) if shelf.row.side == origin.sides.own else False
        shelf.step.is_late = is_numbered and is_behind(shelf.row, origin)
        changed = apply_market(shelf.row, market, origin) | apply_predictions(shelf.row, market, origin)
        if market.bets:
            names.note(Provider, CALCULATED, CALCULATED_NAME)
            changed |= apply_bets(rows, shelf, CALCULATED, market.bets, origin, pending)
        for provider in market.provider_markets or ():
            names.note(Provider, provider.id, provider.name)
            changed |= apply_provider(rows, shelf, market.id, provider, origin, pending)
            changed |= apply_bets(rows, shelf, provider.id, provider.bets or [], origin, pending)
        changed |= close_lost(rows, shelf, market, origin, pending)
        if shelf.row.missing and shelf.row.numbered_by == origin.source_id:
            is_numbered |= heal(shelf, market, origin, pending)
        if (shelf.row.status, shelf.row.unreadable, shelf.row.gap_since) != status:
            shelf.row.status_revision = rows.revision
            changed = True
        if changed:
            note_changed(rows, shelf, origin, pending)
        elif is_numbered:
            pending.write(MARKETS, shelf.row)
            pending.note_step(rows, shelf, origin)
            rows.numbered_markets.add(market.id)
            rows.touch(None, origin)


def note_changed(rows: FixtureRows, shelf: MarketRows, origin: Origin, pending: Pending) -> None:
    shelf.row.revision = rows.revision
    pending.write(MARKETS, shelf.row)
    pending.note_step(rows, shelf, origin)
    rows.changed_markets.add(shelf.row.market_id)
    rows.touch(Aspect.MARKETS, origin)


def close_lost(rows: FixtureRows, shelf: MarketRows, market: Market, origin: Origin, pending: Pending) -> bool:
    """Close what the message spoke of without a readable id. True if anything is different now."""
    lost = {provider.id: provider for provider in market.provider_markets or () if provider.lost_bets}
    if not (market.lost_bets or market.lost_providers or lost):
        return False
    changed = False
    for provider_id, stored in shelf.bets.items():
        if provider_id == CALCULATED:
            names, bets = market.lost_bets, market.bets
        elif provider_id in lost:
            names, bets = lost[provider_id].lost_bets, lost[provider_id].bets
        else:
            is_named = any(provider.id == provider_id for provider in market.provider_markets or ())
            names, bets = ([""] if market.lost_providers and not is_named else None), None
        if names:
            changed |= close_others(rows, shelf, stored, {bet.id for bet in bets or ()}, names, origin, pending)
    if changed:
        shelf.row.status_revision = rows.revision
    return changed


def close_lost_markets(rows: FixtureRows, event: Event, origin: Origin, pending: Pending) -> None:
    """Close the markets that the message may have meant with one that has no readable id: those of its name, or all."""
    named = {market.id for market in event.markets or ()}
    names = set(map(folded, event.lost_markets or ()))
    for market_id, shelf in rows.markets.items():
        if market_id in named or not ("" in names or folded(shelf.row.name) in names):
            continue
        closed = [close_others(rows, shelf, stored, set(), [""], origin, pending) for stored in shelf.bets.values()]
        if any(closed):
            shelf.row.status_revision = rows.revision
            note_changed(rows, shelf, origin, pending)


def apply_market(row: MarketRow, market: Market, origin: Origin) -> bool:
    """Take a market's name, main line and status, where the message states them. True if anything is different now."""
    is_new = not row.name
    row.name = row.name or plain_text(market.name) or market_label(market.id)
    if market.main_line is None and market.status is None and not market.unreadable:
        return is_new
    if row.sent_at is not None and origin.is_before(row.sent_at):
        return is_new
    before = row.name, row.main_line, row.status, row.sent_at, row.unreadable
    row.name = plain_text(market.name) or row.name
    if market.main_line is not None:
        row.main_line = plain_text(market.main_line).strip()
    if market.status is not None:
        row.status, row.unreadable = market.status, False
    if market.unreadable:
        row.status, row.unreadable = BetStatus.SUSPENDED, True
    row.sent_at = origin.sent_at
    return is_new or before != (row.name, row.main_line, row.status, row.sent_at, row.unreadable)


def apply_predictions(row: MarketRow, market: Market, origin: Origin) -> bool:
    """Take the figures of a prediction market, and of each bookmaker's. True if anything is different now."""
    predictions = {} if market.prediction_data is None else {CALCULATED: market.prediction_data}
    for provider in market.provider_markets or ():
        if provider.prediction_data is not None:
            predictions[provider.id] = provider.prediction_data
    if not predictions:
        return False
    stored = msgspec.json.decode(row.prediction or "{}")
    sent_at, changed = written(origin.sent_at), False
    for number, given in predictions.items():
        known = stored.get(str(number), {"sent_at": ""})
        after = figures(given) | {"sent_at": sent_at}
        if after | {"sent_at": known["sent_at"]} != known and sent_at >= known["sent_at"]:
            stored[str(number)], changed = after, True
    row.prediction = msgspec.json.encode(stored).decode()
    return changed


def status_of(given: ProviderMarket, stored: ProviderMarketRow | None) -> tuple[int | None, bool]:
    """The status of a bookmaker's market, and whether it cannot be read; what is not stated is as it was."""
    if given.unreadable:
        return BetStatus.SUSPENDED, True
    if given.market_status is None and stored is not None:
        return stored.status, stored.unreadable
    return given.market_status, False


def apply_provider(
    rows: FixtureRows, shelf: MarketRows, market_id: int, given: ProviderMarket, origin: Origin, pending: Pending
) -> bool:
    """Take what a provider says of its market, unless something newer is stored. True if anything is different now."""
    update = origin.trusted(given.last_update)
    stored = shelf.provider_rows.get(given.id)
    if stored is not None and stored.last_update is not None:
        is_right = stored.last_update <= origin.received_at + MOST_AHEAD
        if update < stored.last_update and is_right:
            return False
    status, is_unreadable = status_of(given, stored)
    row = ProviderMarketRow(
        fixture_id=rows.fixture.id,
        market_id=market_id,
        provider_id=given.id,
        status=status,
        unreadable=is_unreadable,
        provider_fixture_id=plain_text(given.provider_fixture_id),
        provider_league_id=plain_text(given.provider_league_id),
        provider_market_id=plain_text(given.provider_market_id),
        last_update=update,
        side=origin.sides.own or (stored.side if stored is not None else ""),
    )
    if (row.status, row.unreadable) != ((stored.status, stored.unreadable) if stored is not None else (None, False)):
        shelf.row.status_revision = rows.revision
    if not pending.merge(PROVIDER_MARKETS, shelf.provider_rows, {given.id: row}, rows.revision):
        return False
    shelf.step.providers.append(row)
    return True
