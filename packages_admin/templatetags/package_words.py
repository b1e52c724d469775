"""Template filters of the operations pages: names, ages and colours."""

from datetime import datetime

from django import template

from packages_admin import ages
from packages_admin.actions import name_of
from packages_admin.headroom import Level
from packages_admin.models import Package

register = template.Library()

#: The class of a state in admin_desk.css; a state that is not listed is in doubt.
COLOURS = {
    "active": "good",
    "up": "good",
    "inactive": "bad",
    "down": "bad",
    "off": "",
    Level.FINE: "",
    Level.WARN: "state doubt",
    Level.URGENT: "state bad",
    Level.FULL: "state bad",
}


@register.filter
def state_colour(state: str) -> str:
    """The class that colours a state."""
    return COLOURS.get(state, "doubt")


@register.filter
def package_colour(package: Package) -> str:
    """The class that colours a package's state: one that a person switched off is no fault."""
    is_as_wanted = package.state == Package.State.INACTIVE and not package.is_wanted
    return "" if is_as_wanted else state_colour(package.state)


@register.filter
def call_name(path: str) -> str:
    """LSports' name of a call: GetOutrightEvents."""
    return name_of(path)


@register.filter
def ago(at: datetime | None, now: datetime) -> str:
    """How long before `now` it was: "8 s ago"."""
    return ages.ago(at, now) if at else "never"
