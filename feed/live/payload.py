"""What is sent of a topic: HTML to pages, messages to programs, each at a version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from .topic import Topic

#: The version of what cannot be made. It differs from the version that the topic has once it can be made again.
FAILED = "failed"


class Times(NamedTuple):
    """When LSports sent a change, when it was received and when it was stored."""

    sent_at: datetime | None
    received_at: datetime | None
    stored_at: datetime | None


@dataclass(eq=False, frozen=True, slots=True)
class Fragment:
    """A page's topic at a version, as HTML. Everybody who is sent it shares this one object.

    `times` are those of the newest change of the topic's fixture. With a `failure` the HTML says that there is one.
    """

    topic: Any
    version: str
    html: str
    times: Times | None = None
    failure: Exception | None = None


@dataclass(eq=False, frozen=True, slots=True)
class Delta:
    """What happened to a program's topic since a version, as a message; shared like a fragment."""

    topic: Any
    version: str
    message: Any
    times: Times | None = None
    failure: Exception | None = None


Payload = Fragment | Delta


@dataclass(frozen=True, slots=True)
class Update:
    """A topic's version now, and what to send to those who have another, by the version that they have."""

    version: str
    payloads: Mapping[str, Payload]


Updates = Mapping[Topic, Update]


def json_text(message: dict[str, Any]) -> str:
    """A message as it goes over a socket."""
    return msgspec.json.encode(message).decode()
