"""A keep-alive's list of live fixtures, in all the ways in which it is written."""

import re
from collections.abc import Iterable
from typing import Any

from .errors import DecodeError
from .fields.meaning import folded
from .fields.scalars import Misfit, as_int, as_text
from .fields.values import shown
from .messages import ExtraData, KeepAlive

#: The list's name in LSports' messages, and in LSports' documentation.
LISTS = frozenset({"activeevents", "activeevent"})
#: The fields that may stand beside the list.
OTHERS = frozenset({"providerid", "extradata"})
#: How the XML attributes begin that are no fields: xsi:nil and the namespaces.
NO_FIELDS = ("xsi:", "xmlns")
#: At most this many pairs of its extra data are stored.
MOST_EXTRA = 100
#: The names under which an object gives its fixture's id, the most reliable first.
IDS = ("fixtureid", "eventid", "id")
#: What stands between ids in one text.
BETWEEN = re.compile(r"[,;\s]+")


def keep_alive(stated: Any) -> KeepAlive:
    """The active fixtures; an empty KeepAlive says that there are none (docs/protocol.md).

    Raises DecodeError where it holds something else, which would otherwise be read as "nothing is live".
    """
    if isinstance(stated, list) and stated and all(isinstance(part, dict) and LISTS & lowered(part) for part in stated):
        parts = [keep_alive(part) for part in stated]
        ids = distinct(number for part in parts for number in part.active_events)
        return KeepAlive(active_events=ids, extra_data=[pair for part in parts for pair in part.extra_data])
    if isinstance(stated, str) and stated.strip() and not may_be_ids(stated):
        raise DecodeError("shape", f"Body.KeepAlive: an object is due here, not {stated!r:.40}")
    if isinstance(stated, list | str) or stated is None:
        return KeepAlive(active_events=_ids(stated))
    if not isinstance(stated, dict):
        raise DecodeError("shape", f"Body.KeepAlive: an object is due here, not {stated!r:.40}")
    named = [(folded(name), value) for name, value in stated.items() if not name.startswith(NO_FIELDS)]
    fields = dict(named)
    if not fields.keys() <= LISTS | OTHERS and not fields.keys() & LISTS:
        raise DecodeError("shape", f"Body.KeepAlive has no ActiveEvents; it has {', '.join(list(stated)[:5])}")
    ids = distinct(number for name, part in named if name in LISTS and part is not None for number in _ids(part))
    strange = [name for name, value in named if name not in LISTS | OTHERS and isinstance(value, list | dict) and value]
    if strange and not ids:
        raise DecodeError("shape", f"Body.KeepAlive has no fixtures, but has {', '.join(strange[:5])}")
    extra_data = _extra_data(fields.get("extradata"))
    return KeepAlive(active_events=ids, provider_id=_provider(fields.get("providerid")), extra_data=extra_data)


def has_list(body: Any) -> bool:
    """Whether the body itself is the KeepAlive: the list, or an object that has the list."""
    return has_names(body) or (
        isinstance(body, list) and bool(body) and all(isinstance(item, int | str) for item in body)
    )


def has_names(body: Any) -> bool:
    return isinstance(body, dict) and any(folded(name) in LISTS for name in body)


def may_be_ids(text: str) -> bool:
    """Whether a text has ids and nothing else."""
    return all(part.isdecimal() for part in BETWEEN.split(text.strip("[] ")) if part)


def lowered(names: Iterable[str]) -> set[str]:
    return {name.lower() for name in names}


def distinct(ids: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(ids))


def _ids(listed: Any) -> list[int]:
    """The ids, which may be texts. If one cannot be read, the list is refused: it would lack a live fixture."""
    elements = _elements(listed)
    try:
        found = [_id(element) for element in elements if element is not None]
    except Misfit as misfit:
        raise DecodeError(misfit.kind, f"Body.KeepAlive.ActiveEvents: {misfit.what}") from None
    if elements and not found:
        raise DecodeError("shape", "Body.KeepAlive.ActiveEvents holds nothing but nulls")
    return found


def _elements(listed: Any) -> list[Any]:
    """The list's elements, however they are wrapped: lists, texts of several ids, objects keyed by place or by id."""
    if isinstance(listed, str):
        return [part for part in BETWEEN.split(listed.strip("[] \t\r\n")) if part]
    if isinstance(listed, dict):
        return _of_object(listed)
    if not isinstance(listed, list):
        return [] if listed is None else [listed]
    several = [_elements(item) if isinstance(item, list | str) and item else [item] for item in listed]
    return [element for elements in several for element in elements]


def _of_object(listed: dict[str, Any]) -> list[Any]:
    values = list(listed.values())
    if len(values) == 1 and isinstance(values[0], dict | list) and not next(iter(listed)).isdecimal():
        return _elements(values[0])
    if not all(name.isdecimal() or folded(name) in LISTS for name in listed):
        return [listed]
    is_by_id = all(value is True or (isinstance(value, dict) and not lowered(value) & set(IDS)) for value in values)
    return [number for number in listed if number.isdecimal()] if is_by_id else _elements(values)


def _id(element: Any) -> int:
    """An id, given plainly or inside an object."""
    if isinstance(element, dict):
        named = {folded(name): value for name, value in element.items()}
        element = next((named[name] for name in IDS if named.get(name) is not None), element)
    number = as_int(element.strip() if isinstance(element, str) else element)
    if isinstance(element, bool) or number <= 0:
        raise Misfit("number", f"the id of a fixture is due here, not {shown(element)}")
    return number


def _provider(stated: Any) -> int | None:
    try:
        return None if stated in (None, "") else as_int(stated)
    except Misfit:
        return None


def _extra_data(stated: Any) -> list[ExtraData]:
    """Pairs of name and value, as in LSports' SDKs. Anything else is a value without a name."""
    if stated in (None, "", [], {}):
        return []
    pairs = [_pair(element) for element in (stated if isinstance(stated, list) else [stated])]
    try:
        return [ExtraData(name=name, value=as_text(value)) for name, value in pairs][:MOST_EXTRA]
    except Misfit:
        return []


def _pair(element: Any) -> tuple[str, Any]:
    named = {name.lower(): value for name, value in element.items()} if isinstance(element, dict) else {}
    name = named.get("name")
    return (name, named.get("value") or "") if isinstance(name, str) else ("", element)
