"""Finding the message in what it is wrapped in: what lies inside decides, not what the outermost element is called."""

from typing import Any

from feed.codes import MessageType
from feed.wire.formats import json
from feed.wire.formats.hyper import is_hyper

from .errors import DecodeError
from .fields.code_names import MESSAGE_TYPES, number_named
from .keep_alive import has_list, has_names
from .piece import BODY_PARTS, EVENT_PARTS

HEADERS = frozenset({"header", "messageheader"})
BODIES = frozenset({"body", "messagebody"})
#: What an answer of the snapshot API that has lost its envelope is known by.
ELEMENT_PARTS = frozenset({"FixtureId", "Events", "Competitions"})
#: Wrappers that are taken off. Documentation shows one or two.
MOST_WRAPPERS = 8
#: An object with more fields than this is not searched for a message inside, so that large bodies are not.
MOST_FIELDS = 4
#: By which a body is known, whatever the case; `Event` is one, or several, without the list around them.
BODY_NAMES = frozenset(name.lower() for name in BODY_PARTS | EVENT_PARTS) | {"fixtureid", "feedinterrupted"}
EVENT = "event"
#: What a fixture is known by that lies in an event's Content (docs/protocol.md, Fixtures).
FIXTURE_PARTS = frozenset({"Participants", "Sport", "League", "Location", "StartDate", "Status"})


def unwrapped(plain: Any) -> Any:
    """The message itself, with a Header and a Body; what has neither stays as it is.

    Raises DecodeError for several messages in one array.
    """
    for _ in range(MOST_WRAPPERS):
        if isinstance(plain, list):
            if len(plain) == 1 and isinstance(plain[0], list):
                plain = plain[0]
                continue
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
    if not isinstance(message, dict) or is_hyper(message):
        return message
    found = {("Header" if name.lower() in HEADERS else name): value for name, value in message.items()}
    found["Header"] = one_header(found.get("Header"))
    bodies = [name for name in found if name.lower() in BODIES and found[name] is not None]
    if bodies:
        body = found.pop(bodies[0])
        listed = list_in(body) if is_keep_alive(found["Header"]) else None
        found["Body"] = inner_body(body) if listed is None else {"KeepAlive": listed}
    elif parts := {name: value for name, value in found.items() if is_of_body(name)}:
        found["Body"] = inner_body(parts)
    elif (body := only_part({name: value for name, value in found.items() if name != "Header"})) is not None:
        found["Body"] = inner_body(body)
    return found


def one_header(header: Any) -> Any:
    """The header, of several that state the same type one of all; JSON in a text as what it is."""
    if isinstance(header, str):
        return in_text(header) or header
    if isinstance(header, dict) and len(header) == 1:
        (inner,) = header.values()
        return inner if isinstance(inner, dict) else header
    if not isinstance(header, list) or not all(isinstance(part, dict) for part in header):
        return header
    types = {str(value).strip() for part in header for name, value in part.items() if name.lower() == "type"}
    return {name: value for part in reversed(header) for name, value in part.items()} if len(types) == 1 else header


def list_in(body: Any) -> Any:
    """What a keep-alive's body has instead of a KeepAlive: the list itself, or an object with it, perhaps wrapped."""
    if has_list(body):
        return body
    for _ in range(MOST_WRAPPERS):
        if not isinstance(body, dict) or has_names(body):
            break
        body = opened_body(body)
    return body if has_names(body) else None


def is_keep_alive(header: Any) -> bool:
    kind = (
        next((value for name, value in header.items() if name.lower() == "type"), None)
        if isinstance(header, dict)
        else 0
    )
    return str(number_named(MESSAGE_TYPES, kind)).strip() == str(int(MessageType.KEEP_ALIVE))


def is_of_body(name: str) -> bool:
    return name.lower() in BODY_NAMES or name.lower() == EVENT


def inner_body(body: Any) -> Any:
    """The body without what is wrapped around it: an object of one field, a list of one, JSON in a text."""
    for _ in range(MOST_WRAPPERS):
        inner = opened_body(body)
        if inner is None:
            break
        body = inner
    return body


def opened_body(body: Any) -> Any:
    """What is in a wrapper; None where the body itself is here."""
    if isinstance(body, str):
        return in_text(body)
    if isinstance(body, list):
        is_alone = len(body) == 1 and isinstance(body[0], dict) and not {"FixtureId", "Id"} & body[0].keys()
        return body[0] if is_alone and any(map(is_of_body, body[0])) and not has_node(body[0]) else None
    if not isinstance(body, dict) or any(name.lower() in BODY_NAMES for name in body):
        return None
    events = [value for name, value in body.items() if name.lower() == EVENT]
    return {"Events": events[0]} if len(events) == 1 else only_part(body)


def has_node(body: dict[str, Any]) -> bool:
    """Whether it is a node of the competition tree, of which a list has several."""
    return bool(body.keys() & {"Events", "Competition", "Competitions"})


def in_text(body: str) -> Any:
    """The JSON that a text is; None where it is none."""
    try:
        found = json.plain.decode(body) if body.lstrip()[:1] in ("{", "[") else None
    except (ValueError, ArithmeticError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def only_part(body: dict[str, Any]) -> Any:
    """The only object or list that it has; None where there are none or several."""
    parts = [value for value in body.values() if isinstance(value, dict | list) and value]
    return parts[0] if len(parts) == 1 else None


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
    return [value for value in plain.values() if isinstance(value, dict | list)] if len(plain) <= MOST_FIELDS else []


def has_header(plain: Any) -> bool:
    return isinstance(plain, dict) and any(name.lower() in HEADERS for name in plain)
