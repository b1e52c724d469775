"""Hyper Livescore JSON (protocol.md section 2): fixtures and single incidents.

The product is an alpha, so it is always read patiently: names in any case, absent and null alike, unknown words kept.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from feed.codes import MessageType, hyper_kind, hyper_status

from . import tidy
from .errors import DecodeError
from .mend import mend
from .messages import Dialect, Event, Fixture, Header, HyperIncident, Int64, Message, Text, WireStruct
from .values import real, utc

TIPS = 3


class HyperHeader(WireStruct):
    """The fixture's id stands here in the newer description, in the body in every example."""

    message_type: Int64
    message_id: Text | None = None
    timestamp: datetime | None = None
    fixture_id: Int64 | None = None


class HyperFixtureBody(Fixture):
    fixture_id: Int64 | None = None


class HyperIncidentBody(HyperIncident):
    fixture_id: Int64 | None = None


def is_hyper(message: Mapping[str, Any]) -> bool:
    """Whether these are Hyper's own names: `header` in lower case, with a MessageType."""
    header = message.get("header")
    return isinstance(header, dict) and any(name.lower() == "messagetype" for name in header)


def hyper_message(message: Mapping[str, Any]) -> Message:
    """The message of Hyper Livescore in plain values."""
    header = mend(message["header"], HyperHeader, "header")
    if header.message_type == MessageType.FIXTURE:
        event = _fixture(header, message.get("body"))
    elif header.message_type == MessageType.LIVESCORE:
        event = _incident(header, message.get("body"))
    else:
        name = " (tips)" if header.message_type == TIPS else ""
        raise DecodeError(
            "type", f"Hyper messages of type {header.message_type}{name} are not read; those read are 1, 2"
        )
    return Message(
        dialect=Dialect.HYPER,
        header=Header(type=header.message_type, guid=header.message_id, sent_at=utc(header.timestamp)),
        events=[event],
    )


def _fixture(header: HyperHeader, body: object) -> Event:
    found = mend(body, HyperFixtureBody, "body")
    fixture = Fixture(**{name: getattr(found, name) for name in Fixture.__struct_fields__})
    return Event(fixture_id=_fixture_id(header, found.fixture_id), fixture=tidy.fixture(fixture))


def _incident(header: HyperHeader, body: object) -> Event:
    found = mend(body, HyperIncidentBody, "body")
    incident = HyperIncident(**{name: getattr(found, name) for name in HyperIncident.__struct_fields__})
    incident.kind = hyper_kind(incident.kind) or incident.kind
    incident.status = hyper_status(incident.status or "") or incident.status
    incident.confidence = real(incident.confidence)
    return Event(fixture_id=_fixture_id(header, found.fixture_id), incident=incident)


def _fixture_id(header: HyperHeader, fixture_id: int | None) -> int:
    found = fixture_id if fixture_id is not None else header.fixture_id
    if found is None:
        raise DecodeError("shape", "body: fixtureId is missing")
    return found
