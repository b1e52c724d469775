"""A keep-alive's list of live fixtures, in all the ways in which it is written."""

from collections.abc import Iterable
from typing import Any

from .errors import DecodeError
from .fields.scalars import Misfit, as_int, as_text
from .fields.values import shown
from .messages import ExtraData, KeepAlive

#: The list's name in LSports' messages, and in LSports' documentation.
LISTS = frozenset({"activeevents", "activeevent"})
#: What may stand beside it.
OTHERS = frozenset({"providerid", "extradata"})
#: As much of its extra data is kept.
MOST_EXTRA = 100
IDS = frozenset({"id", "fixtureid", "eventid"})


def keep_alive(stated: Any) -> KeepAlive:
    """The active fixtures; an empty KeepAlive says that there are none (docs/protocol.md).

    Raises DecodeError for one that holds something else: that would be read as "nothing is live".
    """
    if isinstance(stated, list) and stated and all(isinstance(part, dict) and LISTS & lowered(part) for part in stated):
        parts = [keep_alive(part) for part in stated]
        ids = distinct(number for part in parts for number in part.active_events)
        return KeepAlive(active_events=ids, extra_data=[pair for part in parts for pair in part.extra_data])
    if isinstance(stated, list):
        return KeepAlive(active_events=_ids(stated))
    if stated is None or (isinstance(stated, str) and not stated.strip()):
        return KeepAlive(active_events=[])
    if not isinstance(stated, dict):
        raise DecodeError("shape", f"Body.KeepAlive: an object is due here, not {stated!r:.40}")
    fields = {name.lower(): value for name, value in stated.items()}
    if not fields.keys() <= LISTS | OTHERS and not fields.keys() & LISTS:
        raise DecodeError("shape", f"Body.KeepAlive has no ActiveEvents; it has {', '.join(list(stated)[:5])}")
    listed = [fields[name] for name in sorted(LISTS) if fields.get(name) is not None]
    ids = distinct(number for part in listed for number in _ids(part))
    extra_data = _extra_data(fields.get("extradata"))
    return KeepAlive(active_events=ids, provider_id=_provider(fields.get("providerid")), extra_data=extra_data)


def lowered(names: Iterable[str]) -> set[str]:
    return {name.lower() for name in names}


def distinct(ids: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(ids))


def _ids(listed: Any) -> list[int]:
    """The ids, which may be texts. One that cannot be read refuses the list, which without it would say less."""
    while isinstance(listed, dict) and len(listed) == 1 and isinstance(next(iter(listed.values())), dict | list):
        (listed,) = listed.values()
    if isinstance(listed, dict) and listed and all(name.isdecimal() or name in LISTS for name in lowered(listed)):
        listed = list(listed.values())
    if listed is None or (isinstance(listed, str) and not listed.strip()):
        return []
    if isinstance(listed, str):
        listed = listed.split(",")
    elements = listed if isinstance(listed, list) else [listed]
    try:
        found = [_id(element) for element in elements if element is not None]
    except Misfit as misfit:
        raise DecodeError(misfit.kind, f"Body.KeepAlive.ActiveEvents: {misfit.what}") from None
    if elements and not found:
        raise DecodeError("shape", "Body.KeepAlive.ActiveEvents holds nulls alone")
    return found


def _id(element: Any) -> int:
    """An id, as it is or in an object of its own."""
    if isinstance(element, dict):
        named = [value for name, value in element.items() if name.lower() in IDS]
        element = named[0] if len(named) == 1 else element
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
    """Pairs of name and value as LSports' SDKs have them. What is written otherwise is one value."""
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
