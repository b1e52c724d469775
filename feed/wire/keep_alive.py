"""A keep-alive's list of live fixtures, in all the ways in which it is written."""

from typing import Any

from .errors import DecodeError
from .fields.scalars import Misfit, as_int
from .messages import KeepAlive

#: The list's name in LSports' messages, and in LSports' documentation.
LISTS = frozenset({"activeevents", "activeevent"})
#: What may stand beside it.
OTHERS = frozenset({"providerid", "extradata"})


def keep_alive(stated: Any) -> KeepAlive:
    """The active fixtures; an empty KeepAlive says that there are none (docs/protocol.md).

    Raises DecodeError for one that holds something else: that would be read as "nothing is live".
    """
    if isinstance(stated, list):
        return KeepAlive(active_events=_ids(stated))
    if stated is None or (isinstance(stated, str) and not stated.strip()):
        return KeepAlive(active_events=[])
    if not isinstance(stated, dict):
        raise DecodeError("shape", f"Body.KeepAlive: an object is due here, not {stated!r:.40}")
    fields = {name.lower(): value for name, value in stated.items()}
    if not fields.keys() <= LISTS | OTHERS and not fields.keys() & LISTS:
        raise DecodeError("shape", f"Body.KeepAlive has no ActiveEvents; it has {', '.join(list(stated)[:5])}")
    listed = next((fields[name] for name in LISTS if fields.get(name) is not None), None)
    return KeepAlive(active_events=_ids(listed), provider_id=_provider(fields.get("providerid")))


def _ids(listed: Any) -> list[int]:
    """The ids, which may be texts. One that cannot be read refuses the list, which without it would say less."""
    if isinstance(listed, dict) and len(listed) == 1:
        (listed,) = listed.values()
    if listed is None or (isinstance(listed, str) and not listed.strip()):
        return []
    try:
        return [as_int(number) for number in (listed if isinstance(listed, list) else [listed]) if number is not None]
    except Misfit as misfit:
        raise DecodeError(misfit.kind, f"Body.KeepAlive.ActiveEvents: {misfit.what}") from None


def _provider(stated: Any) -> int | None:
    try:
        return None if stated in (None, "") else as_int(stated)
    except Misfit:
        return None
