"""The board and the fixture page. Each is put together from the same fragments that its socket will replace."""

import logging
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from .desk.own import desk_of, look_of
from .live.fragments import Screen
from .live.topics import Kind, Topic
from .models import Desk, Fixture
from .pages.board_query import BoardQuery, parse_query
from .pages.clock import epoch_ms
from .pages.market_groups import MarketsQuery, parse_markets
from .pages.sides import title_of

logger = logging.getLogger(__name__)

FEED = Topic(Kind.FEED)
#: Board rows that are painted with the page: more than a screen holds; the others are when they are scrolled to.
PAINTED_ROWS = 40
PAINTED_MARKETS = 40
PARTS = (Kind.CRUMBS, Kind.SCOREBOARD, Kind.MARKETS, Kind.NOTES, Kind.ABOUT)
MATCH_PARTS = (*PARTS, Kind.PERIODS, Kind.INCIDENTS, Kind.STATISTICS)
OUTRIGHT_PARTS = (*PARTS, Kind.CARD)


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Fixtures in play, upcoming and finished; the address narrows it (`feed.pages.board_query`)."""
    desk = desk_of(request.user)
    query = board_query(request.META["QUERY_STRING"], desk)
    topic = Topic(Kind.BOARD, query=query.words)
    screen = Screen([FEED, topic], timezone.now(), painted=PAINTED_ROWS)
    context = {"page": "board", "query": query, "views": desk.views, "board_fragment": safe(screen, topic)}
    return live_page(request, "board.html", screen, context, desk)


def board_query(words: str, desk: Desk) -> BoardQuery:
    """The board that an address asks for, as this trader wants it shown."""
    return parse_query(words).but(favourites=tuple(desk.favourites), zone=desk.zone, look=look_of(desk))


@require_GET
def fixture(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """Everything of one fixture; `?open=` names the groups of markets that are open, `?find=` searches them."""
    desk = desk_of(request.user)
    row = known_fixture(fixture_id)
    query = markets_query(request, desk)
    topics = fixture_topics(row, query)
    screen = Screen([FEED, *topics.values()], timezone.now(), painted=PAINTED_MARKETS)
    screen.reading.fixtures = {fixture_id: row}
    context = {
        "page": "fixture",
        "fixture": row,
        "title": title_of(row, screen.reading.participants.get(fixture_id, [])),
        "query": query,
        "is_favourite": fixture_id in desk.favourites,
        "fragments": {kind.value: safe(screen, topic) for kind, topic in topics.items()},
    }
    return live_page(request, "fixture.html", screen, context, desk)


def must_be_known(fixture_id: int) -> None:
    """The page that says that LSports never told of the fixture, where it did not."""
    if fixture_id >= 2**63 or not Fixture.objects.filter(pk=fixture_id).exists():
        raise unknown(fixture_id)


def unknown(fixture_id: int) -> Http404:
    return Http404(gettext("LSports has not told us of a fixture %(number)s.") % {"number": fixture_id})


def known_fixture(fixture_id: int) -> Fixture:
    """The fixture, or the page that says that LSports never told of it."""
    rows = Fixture.objects.select_related("sport", "location", "league", "competition__parent", "scoreboard")
    row = rows.filter(pk=fixture_id).first() if fixture_id < 2**63 else None
    if row is None:
        raise unknown(fixture_id)
    return row


def markets_query(request: HttpRequest, desk: Desk) -> MarketsQuery:
    """The groups of markets that the address opens, as this trader wants them shown."""
    return parse_markets(request.META["QUERY_STRING"], desk.pinned_markets, look_of(desk))


def fixture_topics(row: Fixture, query: MarketsQuery) -> dict[Kind, Topic]:
    """What the fixture's page shows: a race has a card where a match has periods, incidents and statistics."""
    kinds = MATCH_PARTS if row.kind == Fixture.Kind.MATCH else OUTRIGHT_PARTS
    words = {Kind.MARKETS: query.words, Kind.CARD: query.look.words}
    return {kind: Topic(kind, row.pk, query=words.get(kind, "")) for kind in kinds}


@require_GET
def fixture_markets(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """The markets alone, for htmx: another group opened, another search."""
    topic = Topic(Kind.MARKETS, known_fixture(fixture_id).pk, query=markets_query(request, desk_of(request.user)).words)
    screen = Screen([topic], timezone.now(), painted=PAINTED_MARKETS)
    return HttpResponse(safe(screen, topic))


def live_page(
    request: HttpRequest, template: str, screen: Screen, context: dict[str, Any], desk: Desk | None = None
) -> HttpResponse:
    """A page with the feed's line and a socket."""
    frame = {
        "live": True,
        "now_ms": epoch_ms(screen.now),
        "feed_fragment": safe(screen, FEED),
        "desk": desk or desk_of(request.user),
    }
    return render(request, template, {**frame, **context}, using="desk")


def safe(screen: Screen, topic: Topic) -> str:
    """The fragment's HTML, which its template has escaped."""
    fragment = screen.fragment(topic)
    if fragment.failure is not None:
        logger.error("%s cannot be made, and says so on the page", topic, exc_info=fragment.failure)
    return mark_safe(fragment.html)  # noqa: S308 - Jinja2 with autoescape made it


@login_not_required
@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """For load balancers: 200 where the process and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
