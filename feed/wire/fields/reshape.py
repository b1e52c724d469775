"""Values in another shape than LSports describes, brought into that: a number in an object, results by position, a time
as clocks show it. Nothing here is asked for what can be bet on: its statuses are numbers or unreadable."""

import re
from decimal import Decimal
from typing import Any

from msgspec import inspect

from .code_names import number_named
from .plans import Field, Plan, bare

#: What a clock shows: "45:00", "1:02:03"; minutes alone, with those of stoppage: "45'", "45+2".
SHOWN_TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)", re.ASCII)
SHOWN_MINUTES = re.compile(r"(\d{1,3})(?:'|\s?\+\s?(\d{1,2})'?)", re.ASCII)
#: Both sides' values in one text: "2:1".
SCORE = re.compile(r"\s*(\d{1,4})\s*[:\-\N{EN DASH}]\s*(\d{1,4})\s*", re.ASCII)
#: The names in an object whose value is the object's.
OF_AN_OBJECT = ("id", "value", "name")
SIDES = 2
#: Marks of a result that names its participant, and of a livescore with such results.
IS_OF_PARTICIPANT, NAMES_PARTICIPANTS = "IsOfParticipant", "NamesParticipants"


def as_number(item: Any, field: Field) -> Any:
    """The number that a field's value is, where it may be written in other ways; any other value as it is."""
    if field.decides and not field.names:
        return item
    if isinstance(item, list | dict) and is_number(field.type):
        item = within(item)
    if field.is_clock:
        return shown_time(item)
    return number_named(field.names, item)


def is_number(wanted: inspect.Type) -> bool:
    """Whether a number is due, and nothing that has parts."""
    wanted = bare(wanted)
    if isinstance(wanted, inspect.UnionType):
        members = [bare(member) for member in wanted.types]
        has_parts = any(isinstance(member, inspect.StructType | inspect.ListType) for member in members)
        return not has_parts and any(isinstance(member, inspect.IntType) for member in members)
    return isinstance(wanted, inspect.IntType)


def within(item: list[Any] | dict[str, Any]) -> Any:
    """The value that a list of one, or an object with an id, stands for; itself where it stands for none."""
    if isinstance(item, list):
        return item[0] if len(item) == 1 else item
    named = {name.lower(): value for name, value in item.items()}
    return next((named[name] for name in OF_AN_OBJECT if named.get(name) is not None), item)


def shown_time(item: Any) -> Any:
    """Seconds, of a time as a clock shows it; a fraction of a second is none."""
    if isinstance(item, Decimal) and item.is_finite() and abs(item) < Decimal(10) ** 9:
        return int(item)
    if not isinstance(item, str):
        return item
    if (found := SHOWN_TIME.fullmatch(item.strip())) is not None:
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return 3600 * hours + 60 * minutes + seconds
    if (found := SHOWN_MINUTES.fullmatch(item.strip())) is not None:
        return 60 * sum(int(part or 0) for part in found.groups())
    return item


def opened(value: dict[str, Any], plan: Plan) -> dict[str, Any]:
    """The object in an object of one strange name, where a name alone would do: {"Player": {...}}."""
    if len(value) == 1 and plan.is_of_a_name and not plan.knows(value):
        (inner,) = value.values()
        if isinstance(inner, dict) and plan.knows(inner):
            return inner
    return value


def by_participant(value: dict[str, Any]) -> dict[str, Any] | None:
    """A result that names its participant instead of a position, with that id in its place; None for any other."""
    named = {name.lower(): inner for name, inner in value.items()}
    if named.get("position") is not None or named.get("participantid") is None:
        return None
    return {"Position": named["participantid"], "Value": named.get("value")}


def in_pairs(value: Any, plan: Plan) -> Any:
    """A list's elements where they are pairs written as names and values of one object: results by position.

    Two bare values, or "2:1", are those of home and away.
    """
    if plan.pair is None:
        return value
    key, content = plan.pair
    if isinstance(value, dict):
        is_flat = not any(isinstance(inner, dict | list) for inner in value.values())
        if not value or plan.knows(value) or not is_flat:
            return value
        return [{key: name, content: inner} for name, inner in value.items()]
    if "Position" not in plan.fields:
        return value
    if isinstance(value, str) and (found := SCORE.fullmatch(value)) is not None:
        value = list(found.groups())
    if isinstance(value, list) and len(value) == SIDES and all(isinstance(item, str | int) for item in value):
        return [{key: number, content: item} for number, item in enumerate(value, start=1)]
    return value
