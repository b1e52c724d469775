"""Finding the message in what it is wrapped in: what lies inside decides, not what the outermost element is called."""

from typing import Any

from feed.codes import MessageType

from .errors import DecodeError
from .piece import BODY_PARTS, EVENT_PARTS

HEADERS = frozenset({"header", "messageheader"})
BODIES = frozenset({"body", "messagebody"})
#: What an answer of the snapshot API that has lost its envelope is known by.
ELEMENT_PARTS = frozenset({"FixtureId", "Events", "Competitions"})
#: So many wrappers are taken off. Documentation shows one or two.
MOST_WRAPPERS = 4
#: What a fixture is known by that lies in an event's Content (docs/protocol.md, Fixtures).
FIXTURE_PARTS = frozenset({"Participants", "Sport", "League", "Location", "StartDate", "Status"})


def unwrapped(plain: Any) -> Any:
    """The message itself, with a Header and a Body; what has neither stays as it is.

    Raises DecodeError for several messages in one array.
    """
    for _ in range(MOST_WRAPPERS):
        if isinstance(plain, list):
            if not plain or not all(isinstance(item, dict) for item in plain):
                return plain
            if all(item.keys() & ELEMENT_PARTS and not has_header(item) for item in plain):
                return {"Header": {"Type": MessageType.SNAPSHOT}, "Body": plain}
            if len(plain) > 1 and holds_message(plain[0]):
                raise DecodeError("shape", f"there are {len(plain)} messages in one array; a delivery has one")
            if not holds_message(plain[0]):
                return plain
            plain = plain[0]
        elif isinstance(plain, dict) and not has_header(plain):
            inner = next((value for value in plain.values() if holds_message(value)), None)
            if inner is None:
                return plain
            plain = inner
        else:
            return with_body(plain)
    return plain


def with_body(message: Any) -> Any:
    """The message with its header and body under their usual names, the body made of what lies beside the header."""
    if not isinstance(message, dict) or message.get("header") is not None:
        return message
    names = {name.lower(): name for name in message}
    found = {("Header" if name.lower() in HEADERS else name): value for name, value in message.items()}
    if body := next((names[name] for name in BODIES if name in names), None):
        found["Body"] = found.pop(body)
    elif parts := {name: value for name, value in found.items() if name in BODY_PARTS}:
        found["Body"] = parts
    return found


def with_contents(message: Any) -> Any:
    """The message with what lies in its events' `Content`: their parts, or the fixture itself."""
    body = message.get("Body") if isinstance(message, dict) else None
    events = body.get("Events") if isinstance(body, dict) else body
    if not isinstance(events, list) or not any(isinstance(event, dict) and "Content" in event for event in events):
        return message
    opened = [opened_event(event) for event in events]
    return {**message, "Body": {**body, "Events": opened} if isinstance(body, dict) else opened}


def opened_event(event: Any) -> Any:
    content = event.get("Content") if isinstance(event, dict) else None
    if not isinstance(content, dict):
        return event
    if content.keys() & EVENT_PARTS:
        return {**content, **event}
    return {"Fixture": content, **event} if content.keys() & FIXTURE_PARTS else event


def holds_message(plain: Any) -> bool:
    """Whether a message lies here or further within."""
    if isinstance(plain, list):
        return len(plain) == 1 and holds_message(plain[0])
    return isinstance(plain, dict) and (has_header(plain) or any(map(holds_message, _wrapped(plain))))


def _wrapped(plain: dict[str, Any]) -> list[Any]:
    """What a wrapper holds: it has few fields, so that a large body is not searched."""
    return [value for value in plain.values() if isinstance(value, dict | list)] if len(plain) <= MOST_WRAPPERS else []


def has_header(plain: Any) -> bool:
    return isinstance(plain, dict) and any(name.lower() in HEADERS for name in plain)
