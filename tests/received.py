"""Messages for the store's tests, as the feed would say them, with defaults for all that a test does not care about."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from feed.codes import MessageType
from feed.models import FeedSource
from feed.store import Received
from feed.transport import Delivery
from feed.wire import messages as wire

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOME, AWAY = 1, 2
FIXTURE, MARKET, BOOKMAKER = 7, 1, 8


def at(seconds: float) -> datetime:
    """The moment `seconds` after noon."""
    return NOON + timedelta(seconds=seconds)


def a_source(name: str = "Test feed") -> FeedSource:
    return FeedSource.objects.get_or_create(name=name, defaults={"kind": FeedSource.Kind.QUEUE})[0]


def received(
    *events: wire.Event, sent: float = 0, type: int = MessageType.MARKET, seq: int | None = None, **parts: Any
) -> Received:
    """A message sent so many seconds after noon and received a tenth of a second later."""
    header = wire.Header(type=type, seq=seq, sent_at=at(sent))
    message = wire.Message(dialect=wire.Dialect.TRADE, header=header, events=list(events), **parts)
    return Received(message=message, received_at=at(sent + 0.1))


def results(*values: str | None) -> list[wire.Result]:
    """Values for positions 1, 2 ..."""
    return [wire.Result(position=n, value=value) for n, value in enumerate(values, 1)]


def side(number: int, name: str, position: int | None, **fields: Any) -> wire.Participant:
    return wire.Participant(id=number, name=name, position=position, **fields)


def fixture(updated: float = 0, **fields: Any) -> wire.Fixture:
    """A football match that Harbour Town and Northgate have not begun."""
    given: dict[str, Any] = {
        "sport": wire.Named(id=6046, name="Football"),
        "location": wire.Named(id=243, name="England"),
        "league": wire.League(id=67, name="Coastal League"),
        "start_date": at(3600),
        "status": 1,
        "participants": [side(901, "Harbour Town", HOME), side(902, "Northgate", AWAY)],
        "last_update": at(updated),
    }
    return wire.Fixture(**{**given, **fields})


def fixture_message(updated: float = 0, *, sent: float | None = None, number: int = FIXTURE, **fields: Any) -> Received:
    event = wire.Event(fixture_id=number, fixture=fixture(updated, **fields))
    return received(event, sent=updated if sent is None else sent, type=MessageType.FIXTURE)


def livescore_message(
    sent: float = 0,
    *scores: str,
    seq: int | None = None,
    number: int = FIXTURE,
    short: wire.Fixture | None = None,
    status: int = 2,
    period: int = 10,
    seconds: int | None = 60,
    parts: dict[str, Any] | None = None,
    **fields: Any,
) -> Received:
    """A livescore; `fields` go to the scoreboard, `parts` beside it."""
    board = wire.Scoreboard(status=status, current_period=period, time=seconds, results=results(*scores), **fields)
    livescore = wire.Livescore(scoreboard=board, **(parts or {}))
    event = wire.Event(fixture_id=number, fixture=short, livescore=livescore)
    return received(event, sent=sent, seq=seq, type=MessageType.LIVESCORE)


def bet(number: int = 1, price: str | None = "2.1", updated: float | None = 0, **fields: Any) -> wire.Bet:
    given = {
        "name": "1",
        "status": 1,
        "price": price and Decimal(price),
        "last_update": (updated is not None and at(updated)) or None,
    }
    return wire.Bet(id=number, **{**given, **fields})


def market_message(
    *bets: wire.Bet,
    sent: float = 0,
    number: int = FIXTURE,
    market: int = MARKET,
    provider: int | None = None,
    type: int = MessageType.MARKET,
    **fields: Any,
) -> Received:
    """Bets of one market: calculated ones, or those of a provider."""
    if provider is None:
        given = wire.Market(id=market, name="1X2", bets=list(bets), **fields)
    else:
        theirs = wire.ProviderMarket(id=provider, name=f"Bookmaker {provider}", last_update=at(sent), bets=list(bets))
        given = wire.Market(id=market, name="1X2", provider_markets=[theirs], **fields)
    return received(wire.Event(fixture_id=number, markets=[given]), sent=sent, type=type)


def settlement_message(*bets: wire.Bet, **fields: Any) -> Received:
    return market_message(*bets, type=MessageType.SETTLEMENT, **fields)


def prices(sent: float, *numbers: int) -> Received:
    """The calculated bets of these numbers, as they always are."""
    return market_message(*[bet(number) for number in numbers], sent=sent)


def beat(sent: float, received_at: float | None = None) -> Received:
    """A heartbeat; both times in seconds after noon."""
    message = received(sent=sent, type=MessageType.HEARTBEAT, heartbeat=wire.Heartbeat(feed_interrupted=[]))
    return message if received_at is None else msgspec.structs.replace(message, received_at=at(received_at))


def repeated(message: Received, **fields: Any) -> Received:
    """The same message as the broker delivers it again."""
    delivery = Delivery(body=b"", received_at=message.received_at, **{"redelivered": True, **fields})
    return msgspec.structs.replace(message, delivery=delivery)


def decimals(*prices: str) -> list[Decimal]:
    return [Decimal(price) for price in prices]


def one_by_one(batch: Sequence[Received]) -> list[list[Received]]:
    return [[received] for received in batch]
