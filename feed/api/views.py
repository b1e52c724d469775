"""The REST API: the same states as the stream's, for programs that ask now and then. docs/openapi.yaml describes it.

Bet ids and prices are strings (a browser's numbers are not exact), times ISO 8601 in UTC.
"""

from contextlib import nullcontext
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from feed.live.programs.polled import Cursor, changed_message, parse_cursor, read_changed
from feed.live.programs.sources import sources_message
from feed.live.programs.state import fixture_state
from feed.live.programs.topics import recent
from feed.models import Bet
from feed.pages.reading import Reading
from feed.past.fixture import fixture_opened
from feed.vouching.sources import read_vouching

from .access import Access, Refused, answered
from .competitions import competition_tree
from .inputs import MOST_ID, OF_CHANGES, OF_LIST, OF_ONE, contents_of, filtered, known, moment_of, number
from .price_history import MOST_POINTS, bet_history

FIXTURES_ON_PAGE, MOST_FIXTURES_ON_PAGE = 20, 100
POINTS = 600


@answered
def fixtures(request: HttpRequest, access: Access) -> dict[str, Any]:
    """Fixtures in the order of their ids, `limit` on a page: `next` is where the following ones are, null at the end.

    `show` is in_play, upcoming or finished; `sport`, `league`, `location` are LSports' ids.
    """
    known(request, OF_LIST)
    contents = contents_of(request, access)
    limit = number(request, "limit", FIXTURES_ON_PAGE, least=1, most=MOST_FIXTURES_ON_PAGE)
    rows = filtered(request, access.scope.fixtures()).filter(pk__gt=number(request, "after", -1)).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[: limit + 1])
    reading, vouching = Reading(ids[:limit], contents.markets if contents.prices else ()), read_vouching(timezone.now())
    following = None
    if len(ids) > limit:
        words = {**request.GET.dict(), "after": str(ids[limit - 1])}
        following = f"{reverse('api_fixtures')}?{urlencode(words)}"
    states = [fixture_state(reading, pk, vouching, contents) for pk in ids[:limit] if pk in reading.fixtures]
    return {"fixtures": states, "next": following}


@answered
def fixture(request: HttpRequest, access: Access, fixture_id: int) -> dict[str, Any]:
    """The whole state of one fixture, as the stream's snapshot has it; with `at` as it was at that moment."""
    known(request, {*OF_ONE, "at"})
    contents = contents_of(request, access)
    now = timezone.now()
    moment = moment_of(request, now)
    is_open = fixture_id <= MOST_ID and access.scope.fixtures().filter(pk=fixture_id).exists()
    with nullcontext() if moment is None or not is_open else fixture_opened(fixture_id, moment):
        reading = Reading([fixture_id] if is_open else [], contents.markets if contents.prices else ())
        if fixture_id in reading.fixtures:
            return fixture_state(reading, fixture_id, read_vouching(moment or now), contents)
    if is_open:
        raise Refused(404, f"The journal has no fixture {fixture_id} at that moment.")
    raise Refused(404, f"LSports has not sent a fixture {fixture_id}, or your token does not open it.")


@answered
def feed(request: HttpRequest, access: Access) -> dict[str, Any]:
    """The state of the feed and of each of its sources: which of them have their prices suspended."""
    known(request, set())
    return sources_message(read_vouching(timezone.now()))


@answered
def changes(request: HttpRequest, access: Access) -> dict[str, Any]:
    """The states that changed since an earlier answer's `since`; without it all that are recent."""
    known(request, OF_CHANGES)
    contents = contents_of(request, access)
    limit = number(request, "limit", FIXTURES_ON_PAGE, least=1, most=MOST_FIXTURES_ON_PAGE)
    try:
        since = parse_cursor(request.GET["since"]) if "since" in request.GET else Cursor()
    except ValueError as error:
        raise Refused(400, f"since: {error}.") from None
    now = timezone.now()
    vouching = read_vouching(now)
    rows = filtered(request, access.scope.fixtures()).filter(recent(now))
    return changed_message(read_changed(rows, since, contents, vouching, limit, now), vouching)


@answered
def competitions(request: HttpRequest, access: Access) -> dict[str, Any]:
    """The outrights' tree: tracks, leagues and seasons, with the ids of the fixtures in each."""
    known(request, set())
    return competition_tree(access.scope)


@answered
def history(request: HttpRequest, access: Access, fixture_id: int, market_id: int, bet_id: int) -> dict[str, Any]:
    """The prices that a bet had, in at most `points` points; `provider` where several have a bet of that id."""
    known(request, {"provider", "points"})
    provider = number(request, "provider", 0) if "provider" in request.GET else None
    points = number(request, "points", POINTS, least=1, most=MOST_POINTS)
    if access.contents == "scores":
        raise Refused(403, "Your token opens scores only.")
    unknown = Refused(404, f"There is no bet {bet_id} in market {market_id} of fixture {fixture_id}, or not for you.")
    if max(fixture_id, market_id, bet_id) > MOST_ID or not access.scope.fixtures().filter(pk=fixture_id).exists():
        raise unknown
    try:
        return bet_history(fixture_id, market_id, bet_id, provider, points)
    except Bet.DoesNotExist:
        raise unknown from None
