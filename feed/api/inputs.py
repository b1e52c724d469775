"""What a request asks for, read strictly: what is unknown, comes twice or cannot be meant is refused in words."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest

from feed.codes import IN_PLAY, UPCOMING
from feed.live.programs.state import NAMED, Contents, contents_named
from feed.models import Fixture
from feed.past.moments import parse_rfc_3339

from .access import Access, Refused

MOST_ID = 2**63 - 1
#: As many as a subscription may name.
MOST_MARKETS = 5000
FILTERS = {"sport": "sport_id", "league": "league_id", "location": "location_id"}
#: The parameters that one fixture's address takes, and a list's.
OF_ONE = {"contents", "markets"}
OF_LIST = {*OF_ONE, *FILTERS, "show", "after", "limit"}
OF_CHANGES = {*OF_ONE, *FILTERS, "since", "limit"}


def known(request: HttpRequest, names: set[str]) -> None:
    """Refuse what is not understood, rather than answer another question."""
    if strange := sorted(set(request.GET) - names):
        understood = ", ".join(sorted(names)) or "nothing"
        raise Refused(
            400, f"{', '.join(name[:40] for name in strange)}: not understood here. Understood: {understood}."
        )
    if twice := [name for name in sorted(request.GET) if len(request.GET.getlist(name)) > 1]:
        raise Refused(400, f"{', '.join(twice)}: given more than once.")


def contents_of(request: HttpRequest, access: Access) -> Contents:
    """The contents that were asked for and that the caller may see."""
    wanted = request.GET.get("contents", "all")
    if wanted not in NAMED:
        raise Refused(400, "contents is all, scores or prices.")
    markets = markets_of(request)
    if (contents := contents_named(wanted, access.contents, markets)) is None:
        raise Refused(403, f"Your token opens {access.contents} only.")
    return contents


def markets_of(request: HttpRequest) -> list[int] | None:
    if "markets" not in request.GET:
        return None
    words = request.GET["markets"].split(",")
    if len(words) > MOST_MARKETS:
        raise Refused(400, f"markets: at most {MOST_MARKETS} may be named.")
    return [whole(word, "markets") for word in words]


def filtered(request: HttpRequest, rows: QuerySet[Fixture]) -> QuerySet[Fixture]:
    for name, field in FILTERS.items():
        if name in request.GET:
            rows = rows.filter(**{field: number(request, name, 0)})
    show = request.GET.get("show")
    if show is None:
        return rows
    if show not in ("in_play", "upcoming", "finished"):
        raise Refused(400, "show is in_play, upcoming or finished.")
    if show == "finished":
        return rows.exclude(status__in=IN_PLAY | UPCOMING)
    return rows.filter(status__in=IN_PLAY if show == "in_play" else UPCOMING)


def moment_of(request: HttpRequest, now: datetime) -> datetime | None:
    """The moment of the past that is asked for; None: the present."""
    moment = moment_named(request, "at")
    if moment is not None and moment > now:
        raise Refused(404, "That moment is still to come.")
    return moment


def moment_named(request: HttpRequest, name: str) -> datetime | None:
    """The moment that a parameter says; None: it is not given."""
    if name not in request.GET:
        return None
    try:
        return parse_rfc_3339(request.GET[name])
    except ValueError as error:
        raise Refused(400, f"{name}: {error}.") from None


def number(request: HttpRequest, name: str, default: int, least: int = 0, most: int = MOST_ID) -> int:
    found = whole(request.GET[name], name) if name in request.GET else default
    if name in request.GET and not least <= found <= most:
        raise Refused(400, f"{name} is from {least} to {most}.")
    return found


def whole(word: str, name: str) -> int:
    """A word of the address as a number; written as JSON writes it, so no sign and no zero in front."""
    is_digits = word.isascii() and word.isdigit() and len(word) <= 19
    if not is_digits or int(word) > MOST_ID or word != str(int(word)):
        raise Refused(400, f"{name}: {word[:40]!r} is not a whole number that an id can be.")
    return int(word)
