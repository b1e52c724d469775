"""Hyper Livescore JSON (docs/protocol.md, Hyper Livescore messages): fixtures and single incidents.

The product is an alpha, so it is always read patiently: names in any case, absent and null alike, unknown words kept.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from feed.codes import MessageType, hyper_kind, hyper_status
from feed.wire.errors import DecodeError
from feed.wire.fields import normalise
from feed.wire.fields.coerce import coerce
from feed.wire.fields.values import real, utc
from feed.wire.messages import (
    Code,
    Dialect,
    Event,
    Fixture,
    Header,
    HyperIncident,
    Message,
    SetAside,
    Text,
    WireStruct,
)

TIPS = 3


class HyperHeader(WireStruct):
    """LSports' newer description has the fixture's id here, but its examples have it in the body: both are read."""

    message_type: Code
    message_id: Text | None = None
    timestamp: datetime | None = None
    fixture_id: Code | None = None


class HyperFixtureBody(Fixture):
    fixture_id: Code | None = None


class HyperIncidentBody(HyperIncident):
    fixture_id: Code | None = None


def is_hyper(message: Mapping[str, Any]) -> bool:
    """Whether these are Hyper's own names: `header` in lower case, with a MessageType."""
    header = message.get("header")
    return isinstance(header, dict) and any(name.lower() == "messagetype" for name in header)


def hyper_message(message: Mapping[str, Any]) -> Message:
    """The message of Hyper Livescore in plain values."""
    set_aside: list[SetAside] = []
    header = coerce(message["header"], HyperHeader, "header", set_aside)
    if header.message_type == MessageType.FIXTURE:
        event = _fixture(header, message.get("body"), set_aside)
    elif header.message_type == MessageType.LIVESCORE:
        event = _incident(header, message.get("body"), set_aside)
    else:
        name = " (tips)" if header.message_type == TIPS else ""
        raise DecodeError(
            "type", f"Hyper messages of type {header.message_type}{name} are not read; those read are 1, 2"
        )
    return Message(
        dialect=Dialect.HYPER,
        header=Header(type=header.message_type, guid=header.message_id, sent_at=utc(header.timestamp)),
        events=[event],
        set_aside=set_aside,
    )


def _fixture(header: HyperHeader, body: object, set_aside: list[SetAside]) -> Event:
    found = coerce(body, HyperFixtureBody, "body", set_aside)
    fixture = Fixture(**{name: getattr(found, name) for name in Fixture.__struct_fields__})
    return Event(fixture_id=_fixture_id(header, found.fixture_id), fixture=normalise.fixture(fixture))


def _incident(header: HyperHeader, body: object, set_aside: list[SetAside]) -> Event:
    found = coerce(body, HyperIncidentBody, "body", set_aside)
    incident = HyperIncident(**{name: getattr(found, name) for name in HyperIncident.__struct_fields__})
    incident.kind = hyper_kind(incident.kind) or incident.kind
    incident.status = hyper_status(incident.status or "") or incident.status
    for player in incident.players or ():
        player.id = None if player.id is None else str(player.id)
    incident.confidence = real(incident.confidence)
    return Event(fixture_id=_fixture_id(header, found.fixture_id), incident=incident)


def _fixture_id(header: HyperHeader, fixture_id: int | None) -> int:
    found = fixture_id if fixture_id is not None else header.fixture_id
    if found is None:
        raise DecodeError("shape", "body: fixtureId is missing")
    return found
