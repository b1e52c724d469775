"""A fragment: a topic as it is sent, at a version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

#: The version of what could not be made: whatever its version is once it can be, it differs.
FAILED = "failed"


class Times(NamedTuple):
    """When LSports sent a change, when it was received and when it was stored."""

    sent_at: datetime | None
    received_at: datetime | None
    stored_at: datetime | None


@dataclass(eq=False, frozen=True, slots=True)
class Fragment:
    """A topic at a version, as HTML for pages. All who are sent it share this one object.

    `times` are those of the newest change of the topic's fixture. With a `failure` the HTML says that there is one.
    """

    topic: Any
    version: str
    html: str
    times: Times | None = None
    failure: Exception | None = None


@dataclass(eq=False, frozen=True, slots=True)
class Delta:
    """What happened to a topic since a version, as a message for programs; shared like a fragment."""

    topic: Any
    version: str
    message: Any
    times: Times | None = None
    failure: Exception | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A topic's version now, and what to send to those who have another, by the version that they have."""

    version: str
    fragments: Mapping[str, Fragment | Delta]
