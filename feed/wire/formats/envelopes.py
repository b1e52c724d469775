"""The envelope twice more, for what msgspec itself can say of a message while it decodes it, for nearly nothing.

In one, whatever has prices has no field but those described: then nothing stands there under a name in another case,
or in words that are not LSports'. In the other it may have further fields, and a foreign name fits no value. To search
each message for such names would cost nearly as much as decoding it.

The fields are typed anew at each level, since a list of one type is not a list of another.
"""

from typing import Annotated, Any

import msgspec

from feed.wire.envelope import Envelope, RawBody, RawEvent, RawMarket
from feed.wire.fields.meaning import CLOSED_WORDS, OPEN_WORDS
from feed.wire.messages import Bet, ProviderMarket

#: Names in which others say what is closed, or is not. Each costs the decoder a little for every name that is no
#: field's; a status in other words is found by its last letters (`feed.wire.little`).
FOREIGN_NAMES = frozenset(f"Is{word}" for word in CLOSED_WORDS + OPEN_WORDS) | {
    "isOpen",
    "isActive",
    "isEnabled",
    "isSuspended",
}
FOREIGN_NAMES |= {"State", "state", "Suspended", "suspended", "Closed", "closed"}
#: No value is of this type: what has a foreign name is read in the patient way, where `fields.meaning` judges it.
NOTHING: Any = Annotated[str, msgspec.Meta(min_length=1, max_length=0)] | None
FOREIGN_FIELDS: Any = [
    (f"foreign_{name}", NOTHING, msgspec.field(default=None, name=name)) for name in sorted(FOREIGN_NAMES)
]


class DescribedBet(Bet, forbid_unknown_fields=True):
    """A bet of which nothing is left unread."""


class DescribedProvider(ProviderMarket, forbid_unknown_fields=True):
    bets: list[DescribedBet] | None = None  # type: ignore[assignment]


class DescribedMarket(RawMarket, forbid_unknown_fields=True):
    bets: list[DescribedBet] | None = None  # type: ignore[assignment]
    provider_markets: list[DescribedProvider] | None = None  # type: ignore[assignment]
    providers: list[DescribedProvider] | None = None  # type: ignore[assignment]


class DescribedEvent(RawEvent, forbid_unknown_fields=True):
    markets: list[DescribedMarket] | None = None  # type: ignore[assignment]
    events: "list[DescribedEvent] | None" = None  # type: ignore[assignment]
    competition: "DescribedEvent | list[DescribedEvent] | None" = None  # type: ignore[assignment]
    competitions: "list[DescribedEvent] | None" = None  # type: ignore[assignment]


class DescribedBody(RawBody, forbid_unknown_fields=True):
    markets: list[DescribedMarket] | None = None  # type: ignore[assignment]
    events: list[DescribedEvent] | None = None  # type: ignore[assignment]
    competition: DescribedEvent | list[DescribedEvent] | None = None  # type: ignore[assignment]
    competitions: list[DescribedEvent] | None = None  # type: ignore[assignment]


class DescribedEnvelope(Envelope):
    body: DescribedBody | list[DescribedEvent] | None = None  # type: ignore[assignment]


def noticing(struct: type[msgspec.Struct], **lists: Any) -> Any:
    """The struct with foreign names that no value fits; `lists` are the fields that hold others such."""
    fields = [(name, list[element] | None, None) for name, element in lists.items()]  # type: ignore[valid-type]
    name = f"Noticing{struct.__name__}"
    return msgspec.defstruct(name, fields + FOREIGN_FIELDS, bases=(struct,), kw_only=True, gc=False)


NoticingBet = noticing(Bet)
NoticingProvider = noticing(ProviderMarket, bets=NoticingBet)
NoticingMarket = noticing(RawMarket, bets=NoticingBet, provider_markets=NoticingProvider, providers=NoticingProvider)


class NoticingEvent(noticing(RawEvent)):  # type: ignore[misc]
    markets: list[NoticingMarket] | None = None  # type: ignore[valid-type]
    events: "list[NoticingEvent] | None" = None
    competition: "NoticingEvent | list[NoticingEvent] | None" = None
    competitions: "list[NoticingEvent] | None" = None


class NoticingBody(RawBody):
    markets: list[NoticingMarket] | None = None  # type: ignore[valid-type]
    events: list[NoticingEvent] | None = None  # type: ignore[assignment]
    competition: NoticingEvent | list[NoticingEvent] | None = None  # type: ignore[assignment]
    competitions: list[NoticingEvent] | None = None  # type: ignore[assignment]


class NoticingEnvelope(Envelope):
    body: NoticingBody | list[NoticingEvent] | None = None  # type: ignore[assignment]
