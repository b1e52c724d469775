"""TRADE and OddService JSON: straight into structs."""

import msgspec

from . import shape
from .envelope import Envelope, RawBody
from .errors import DecodeError
from .messages import Dialect, Message

decoder = msgspec.json.Decoder(Envelope, strict=False)


def decode_trade(body: bytes) -> Message:
    try:
        envelope = decoder.decode(body)
    except msgspec.ValidationError as error:
        raise DecodeError("shape", f"the message is not as LSports describes it: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        raise DecodeError("syntax", f"the message is not JSON: {error}") from None
    except RecursionError:
        raise DecodeError("too_deep", "the message is nested too deep") from None
    return shape.message(envelope, dialect_of(envelope))


def dialect_of(envelope: Envelope) -> Dialect:
    """OddService is told by its MsgId, or by what TRADE writes otherwise: providers in markets and keep-alives."""
    if envelope.header.msg_id is not None:
        return Dialect.ODDSERVICE
    body = envelope.body
    events = body if isinstance(body, list) else body.events if body is not None else None
    if any(market.providers is not None for event in events or () for market in event.markets or ()):
        return Dialect.ODDSERVICE
    if isinstance(body, RawBody):
        if body.keep_alive is not None and body.keep_alive.provider_id is not None:
            return Dialect.ODDSERVICE
        if envelope.header.type == 1 and (body.competition is not None or body.competitions is not None):
            return Dialect.ODDSERVICE
    return Dialect.TRADE
