"""Messages as bytes, with as little in them as a test of `wire` needs."""

import json
from typing import Any

import msgspec
import pytest

from feed.wire import DecodeError, decode
from feed.wire.messages import Bet, Event


def body(kind: int, content: Any = None, **header: Any) -> bytes:
    """A message of TRADE JSON of this type; `content` is its Body."""
    return json.dumps({"Header": {"Type": kind} | header} | ({} if content is None else {"Body": content})).encode()


def event(**parts: Any) -> Event:
    """The only event of a message with one, which has these parts."""
    return decode(body(1, {"Events": [{"FixtureId": 7} | parts]})).events[0]


def bet(**fields: Any) -> Bet:
    """The only bet of a market message, which has these fields."""
    return event(Markets=[{"Id": 1, "Bets": [{"Id": 9} | fields]}]).markets[0].bets[0]  # type: ignore[index]


def plain(value: object) -> Any:
    """What was decoded, as dicts and lists. How strictly a bet was read, which shows in its type, is left out."""
    if isinstance(value, list):
        return [plain(element) for element in value]
    if not isinstance(value, msgspec.Struct):
        return value
    names = (name for name in value.__struct_fields__ if not name.startswith("foreign_"))
    return {name: plain(getattr(value, name)) for name in names}


def events_of(message: bytes) -> Any:
    return plain(decode(message).events)


def trouble(message: bytes) -> tuple[str, str]:
    """The kind and the sentence with which the message is refused, or the first part of it that is set aside."""
    try:
        part = decode(message).set_aside[0]
    except DecodeError as error:
        return error.kind, error.reason
    return part.kind, part.sentence


def reason(message: bytes) -> tuple[str, str]:
    """The kind and the sentence with which the message is refused."""
    with pytest.raises(DecodeError) as refused:
        decode(message)
    return refused.value.kind, refused.value.reason
