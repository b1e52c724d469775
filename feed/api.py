"""The REST API: the same states as the stream's, for programs that ask now and then.

Bet ids and prices are strings (a browser's numbers are not exact), times ISO 8601 in UTC.
"""

import hashlib
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from .api_access import Access, Refused, answered, as_json
from .codes import IN_PLAY, UPCOMING
from .history import MOST_POINTS, bet_history
from .live.deltas import sources_message
from .models import Bet, Fixture
from .pages.reading import Reading
from .pages.vouching import read_vouching
from .state import NAMED, Contents, contents_named, fixture_state, revision_of

FIXTURES_ON_PAGE, MOST_FIXTURES_ON_PAGE = 20, 100
POINTS = 600
MOST_ID = 2**63 - 1
FILTERS = {"sport": "sport_id", "league": "league_id", "location": "location_id"}
#: What may be asked of one fixture, and of a list.
OF_ONE = {"contents", "markets"}
OF_LIST = {*OF_ONE, *FILTERS, "show", "after", "limit"}


@answered
def fixtures(request: HttpRequest, access: Access) -> HttpResponse:
    """Fixtures in the order of their ids, `limit` on a page: `next` is where the following ones are, null at the end.

    `show` is in_play, upcoming or finished; `sport`, `league`, `location` are LSports' ids.
    """
    known(request, OF_LIST)
    contents = contents_of(request, access)
    limit = number(request, "limit", FIXTURES_ON_PAGE)
    if not 1 <= limit <= MOST_FIXTURES_ON_PAGE:
        raise Refused(400, f"limit is from 1 to {MOST_FIXTURES_ON_PAGE}.")
    asked = filtered(request, access.scope.fixtures()).filter(pk__gt=number(request, "after", -1)).order_by("pk")
    ids = list(asked.values_list("pk", flat=True)[: limit + 1])
    reading = Reading(ids[:limit], contents.markets if contents.prices else ())
    following = None
    if len(ids) > limit:
        words = {**request.GET.dict(), "after": str(ids[limit - 1])}
        following = f"{reverse('api_fixtures')}?{urlencode(words)}"
    there = [pk for pk in ids[:limit] if pk in reading.fixtures]
    tag = etag(contents, [*((pk, revision_of(reading, pk, contents)) for pk in there), (0, bool(following))])
    if unchanged := get_conditional_response(request, etag=tag):
        return unchanged
    states = [fixture_state(reading, pk, contents) for pk in there]
    return as_json({"fixtures": states, "next": following}, ETag=tag)


@answered
def fixture(request: HttpRequest, access: Access, fixture_id: int) -> HttpResponse:
    """The whole state of one fixture, as the stream's snapshot has it."""
    known(request, OF_ONE)
    contents = contents_of(request, access)
    is_open = fixture_id <= MOST_ID and access.scope.fixtures().filter(pk=fixture_id).exists()
    reading = Reading([fixture_id] if is_open else [], contents.markets if contents.prices else ())
    if fixture_id not in reading.fixtures:
        raise Refused(404, f"LSports has not told us of a fixture {fixture_id}, or your token does not open it.")
    tag = etag(contents, [(fixture_id, revision_of(reading, fixture_id, contents))])
    if unchanged := get_conditional_response(request, etag=tag):
        return unchanged
    return as_json(fixture_state(reading, fixture_id, contents), ETag=tag)


@answered
def feed(request: HttpRequest, access: Access) -> HttpResponse:
    """How the feed and each of its sources fare: whose prices are suspended."""
    known(request, set())
    return as_json(sources_message(read_vouching(timezone.now())))


@answered
def history(request: HttpRequest, access: Access, fixture_id: int, market_id: int, bet_id: int) -> HttpResponse:
    """The prices that a bet had, in at most `points` points; `provider` where several have a bet of that id."""
    known(request, {"provider", "points"})
    if access.contents == "scores":
        raise Refused(403, "Your token opens scores only.")
    unknown = Refused(404, f"There is no bet {bet_id} in market {market_id} of fixture {fixture_id}, or not for you.")
    if max(fixture_id, market_id, bet_id) > MOST_ID or not access.scope.fixtures().filter(pk=fixture_id).exists():
        raise unknown
    provider = number(request, "provider", 0) if "provider" in request.GET else None
    points = number(request, "points", POINTS)
    if not 1 <= points <= MOST_POINTS:
        raise Refused(400, f"points is from 1 to {MOST_POINTS}.")
    try:
        told = bet_history(fixture_id, market_id, bet_id, provider, points)
    except Bet.DoesNotExist:
        raise unknown from None
    return as_json(told)


def known(request: HttpRequest, names: set[str]) -> None:
    """Refuse what is not understood, rather than answer another question."""
    if strange := sorted(set(request.GET) - names):
        understood = ", ".join(sorted(names)) or "nothing"
        raise Refused(
            400, f"{', '.join(each[:40] for each in strange)}: not understood here. Understood: {understood}."
        )


def contents_of(request: HttpRequest, access: Access) -> Contents:
    """What is asked for of what the caller may see."""
    asked = request.GET.get("contents", "all")
    if asked not in NAMED:
        raise Refused(400, "contents is all, scores or prices.")
    words = request.GET["markets"].split(",") if "markets" in request.GET else None
    markets = [whole(word, "markets") for word in words] if words is not None else None
    if (contents := contents_named(asked, access.contents, markets)) is None:
        raise Refused(403, f"Your token opens {access.contents} only.")
    return contents


def filtered(request: HttpRequest, asked: QuerySet[Fixture]) -> QuerySet[Fixture]:
    for name, field in FILTERS.items():
        if name in request.GET:
            asked = asked.filter(**{field: number(request, name, 0)})
    show = request.GET.get("show")
    if show is None:
        return asked
    if show not in ("in_play", "upcoming", "finished"):
        raise Refused(400, "show is in_play, upcoming or finished.")
    if show == "finished":
        return asked.exclude(status__in=IN_PLAY | UPCOMING)
    return asked.filter(status__in=IN_PLAY if show == "in_play" else UPCOMING)


def number(request: HttpRequest, name: str, default: int) -> int:
    return whole(request.GET[name], name) if name in request.GET else default


def whole(word: str, name: str) -> int:
    """The number that a word of the address is."""
    if not (word.isascii() and word.isdigit()) or len(word) > 19 or int(word) > MOST_ID:
        raise Refused(400, f"{name}: {word[:40]!r} is not a whole number that an id can be.")
    return int(word)


def etag(contents: Contents, versions: Iterable[tuple[Any, ...]]) -> str:
    """Differs when the answer does."""
    text = f"{contents} {list(versions)}"
    return f'"{hashlib.blake2s(text.encode(), digest_size=12).hexdigest()}"'
