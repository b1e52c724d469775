"""Pieces of a message, as documentation and snapshot files have them: completed, so that they can be inspected."""

from typing import Any

from feed.codes import MessageType

from .messages import FixtureKind, Market, Message

BODY_PARTS = frozenset({"Events", "Competition", "Competitions", "KeepAlive"})
EVENT_PARTS = frozenset({"Fixture", "Livescore", "Markets", "OutrightFixture", "OutrightLeague", "OutrightScore"})
#: The FixtureId of a piece that does not say of which fixture it is.
UNKNOWN_FIXTURE = 0
FIXTURE_TYPES = {
    FixtureKind.MATCH: MessageType.FIXTURE,
    FixtureKind.OUTRIGHT: MessageType.OUTRIGHT_FIXTURE,
    FixtureKind.OUTRIGHT_LEAGUE: MessageType.OUTRIGHT_LEAGUE_FIXTURE,
}
MARKET_TYPES = {
    FixtureKind.MATCH: MessageType.MARKET,
    FixtureKind.OUTRIGHT: MessageType.OUTRIGHT_FIXTURE_MARKET,
    FixtureKind.OUTRIGHT_LEAGUE: MessageType.OUTRIGHT_LEAGUE_MARKET,
}
SETTLEMENT_TYPES = {
    FixtureKind.MATCH: MessageType.SETTLEMENT,
    FixtureKind.OUTRIGHT: MessageType.OUTRIGHT_SETTLEMENT,
    FixtureKind.OUTRIGHT_LEAGUE: MessageType.OUTRIGHT_LEAGUE_SETTLEMENT,
}


def whole(piece: Any) -> Any:
    """A message around a body, or around a part of an event, that has no header; anything else as it is."""
    if isinstance(piece, dict) and "Body" in piece:
        piece = piece["Body"]
    if isinstance(piece, dict) and not piece.keys() & BODY_PARTS:
        if not piece.keys() & EVENT_PARTS:
            return piece
        piece = {"Events": [{"FixtureId": UNKNOWN_FIXTURE, **piece}]}
    if not isinstance(piece, dict | list):
        return piece
    is_keep_alive = isinstance(piece, dict) and "KeepAlive" in piece
    return {"Header": {"Type": MessageType.KEEP_ALIVE if is_keep_alive else MessageType.SNAPSHOT}, "Body": piece}


def shown_type(message: Message) -> int:
    """The type that a message with these contents has, for a piece without a header."""
    if message.keep_alive is not None or not message.events:
        return message.header.type
    event = message.events[0]
    if event.outright_score is not None:
        return MessageType.OUTRIGHT_SCORE
    if event.markets is not None:
        return (SETTLEMENT_TYPES if _is_settled(event.markets) else MARKET_TYPES)[event.kind]
    return MessageType.LIVESCORE if event.livescore is not None else FIXTURE_TYPES[event.kind]


def _is_settled(markets: list[Market]) -> bool:
    priced = (parent for market in markets for parent in (market, *(market.provider_markets or ())))
    return any(bet.settlement is not None for parent in priced for bet in parent.bets or ())
