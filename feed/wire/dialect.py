"""Which of LSports' two JSON feeds wrote an envelope: nothing in it says so outright."""

from feed.codes import MessageType

from .envelope import Envelope, RawBody
from .messages import Dialect


def json_dialect(envelope: Envelope) -> Dialect:
    """OddService, the old feed, by what TRADE writes otherwise or not at all; else TRADE.

    It numbers messages by MsgId, puts providers into markets, sends a keep-alive for each provider, and outrights as
    fixture messages.
    """
    header, body = envelope.header, envelope.body
    if header.msg_id is not None:
        return Dialect.ODDSERVICE
    if isinstance(body, RawBody):
        if isinstance(body.keep_alive, dict) and body.keep_alive.get("ProviderId") is not None:
            return Dialect.ODDSERVICE
        if header.type == MessageType.FIXTURE and (body.competition is not None or body.competitions is not None):
            return Dialect.ODDSERVICE
    events = body.events if isinstance(body, RawBody) else body
    for event in events or ():
        for market in event.markets or ():
            if market.providers is not None:
                return Dialect.ODDSERVICE
    return Dialect.TRADE
