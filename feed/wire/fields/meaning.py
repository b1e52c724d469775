"""Names that LSports does not use, and that may yet say that something is closed: nothing looks open beside them."""

import re
from typing import Any

from .plans import Plan
from .scalars import Misfit, as_bool, as_int
from .values import NOTHING

#: Words that are not LSports', and with which others say that something is closed, or that it is not.
CLOSED_WORDS = ("Suspended", "Closed", "Disabled", "Blocked", "Locked", "Cancelled", "Removed")
OPEN_WORDS = ("Open", "Active", "Enabled", "Tradable", "Available")


def with_is(*words: str) -> frozenset[str]:
    """The words as they are, and as "isopen"; both folded."""
    return frozenset(f"{begin}{word.lower()}" for begin in ("", "is") for word in words)


#: Written with what is no letter, a name means the same: `market_status`, `Status `.
NO_LETTER = re.compile(r"[^0-9a-z]")
#: What may be the status: it closes unless it says what LSports writes for open.
STATUSES = frozenset({"status", "state", "statusid", "statuscode", "statusname", "betstatus", "marketstatus"})
STATUSES |= {"providerstatus", "tradingstatus", "fixturestatus", "eventstatus", "matchstatus", "gamestatus"}
CLOSES_IF_TRUE, CLOSES_IF_FALSE = with_is(*CLOSED_WORDS), with_is(*OPEN_WORDS)
PRICES = frozenset(
    ("odds", "odd", "currentprice", "currentodds", "decimalprice", "decimalodds", "pricedecimal", "priceeu")
)
OPEN = 1


def folded(name: str) -> str:
    """A field's name as it is compared with others."""
    return NO_LETTER.sub("", name.lower())


def may_close(name: str, value: object, plan: Plan, found: dict[str, Any]) -> bool:
    """Whether a field that is not read may say that what it stands in is closed, or at another price.

    `found` are the fields that are read. A fixture's own status, where it has one, counts more than other words.
    """
    if "Unreadable" not in plan.marks or (isinstance(value, str) and value.strip().lower() in NOTHING):
        return False
    word = folded(name)
    if ("LastUpdate" in plan.fields and "Participants" in plan.fields) or "CurrentPeriod" in plan.fields:
        return word in STATUSES and "Status" not in found
    if "FixtureId" in plan.fields:
        if word in CLOSES_IF_TRUE:
            return not says(as_bool, value, wanted=False)
        is_own = word in STATUSES and not found.keys() & {"Fixture", "Livescore"}
        return is_own and not says(as_int, value, OPEN)
    if word in STATUSES:
        return not says(as_int, value, OPEN)
    if word in CLOSES_IF_TRUE or word in CLOSES_IF_FALSE:
        return not says(as_bool, value, word in CLOSES_IF_FALSE)
    return word in PRICES and "Price" in plan.fields and "Price" not in found


def says(read: Any, value: object, wanted: int | bool) -> bool:
    try:
        return bool(read(value.strip() if isinstance(value, str) else value) == wanted)
    except Misfit:
        return False
