"""The situation within play that a sport's followers read: balls, strikes and bases, the second serve, the surface."""

from django.utils.translation import gettext, gettext_noop

from feed.models import Scoreboard

#: The serve stands as a mark beside the name (feed/pages/sides.py).
SHOWN_ELSEWHERE = frozenset({"Turn"})
#: How LSports' names read on a page, in the order in which they are read; other names follow as LSports writes them.
KNOWN = {
    "Balls": gettext_noop("Balls"),
    "Strikes": gettext_noop("Strikes"),
    "Outs": gettext_noop("Outs"),
    "Bases": gettext_noop("On base"),
    "Serve Number": gettext_noop("Serve"),
    "Tiebreak Score": gettext_noop("Tie break"),
    "CourtSurfaceType": gettext_noop("Surface"),
}
BASES = (gettext_noop("1st"), gettext_noop("2nd"), gettext_noop("3rd"))
SERVES = {"1": gettext_noop("first"), "2": gettext_noop("second")}


def situation_of(scoreboard: Scoreboard | None) -> str:
    """The livescore extra data in words: "Balls 1 · Strikes 2 · Outs 2 · On base 1st, 2nd" (protocol.md section 4)."""
    said: dict[str, object] = scoreboard.extra_data if scoreboard else {}
    names = [name for name in KNOWN if name in said]
    names += sorted(said.keys() - KNOWN.keys() - SHOWN_ELSEWHERE)
    told = ((gettext(KNOWN[name]) if name in KNOWN else name, value_of(name, str(said[name]))) for name in names)
    return " · ".join(f"{label} {value}" for label, value in told if value)


def value_of(name: str, value: str) -> str:
    """One value as it is read; whatever does not look as documented stands as LSports sent it."""
    if name == "Bases":
        taken = value.split("/")
        if len(taken) == len(BASES) and set(taken) <= {"0", "1"}:
            on_base = [gettext(base) for base, is_taken in zip(BASES, taken, strict=True) if is_taken == "1"]
            return ", ".join(on_base) or gettext("nobody")
    if name == "Serve Number":
        return gettext(SERVES[value]) if value in SERVES else value
    return value
