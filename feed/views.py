"""The pages. Each is put together from the same fragments that its socket will replace."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from .live.fragments import Screen
from .live.topics import Kind, Topic
from .models import Fixture, Sport
from .pages import board as boards
from .pages.clock import epoch_ms
from .pages.sides import title_of

FEED = Topic(Kind.FEED)


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Fixtures in play, upcoming and finished; `?show=` and `?sport=` narrow it."""
    query = boards.parse_query(request.META["QUERY_STRING"])
    topic = Topic(Kind.BOARD, query=query.words)
    screen = Screen([FEED, topic], timezone.now())
    context = {
        "page": "board",
        "query": query,
        "tabs": [("all", "All"), *((section.word, section.title) for section in boards.SECTIONS)],
        "counts": boards.counts(query),
        "sports": Sport.objects.filter(fixture__kind="match")
        .annotate(number=Count("fixture"))
        .order_by("-number", "name"),
        "board_link": lambda **changes: board_link(query, **changes),
        "board_fragment": safe(screen, topic),
    }
    return live_page(request, "board.html", screen, context)


def sports() -> QuerySet[Sport]:
    """Sports with their `number` of fixtures, the most first."""
    matches = Sport.objects.filter(fixture__kind=Fixture.Kind.MATCH)
    return matches.annotate(number=Count("fixture")).order_by("-number", "name")


def board_link(query: boards.BoardQuery, **changes: Any) -> str:
    """The address of the same board with something changed."""
    asked = {"show": query.show, "sport": query.sport_id}
    asked |= {"sport" if key == "sport_id" else key: value for key, value in changes.items()}
    words = urlencode({key: value for key, value in asked.items() if value not in (None, "all")})
    return f"/?{words}" if words else "/"


@require_GET
def fixture(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """Everything of one fixture."""
    kinds = (Kind.SCOREBOARD, Kind.PERIODS, Kind.INCIDENTS, Kind.STATISTICS, Kind.MARKETS)
    topics = {kind: Topic(kind, fixture_id) for kind in kinds if fixture_id < 2**63}
    screen = Screen([FEED, *topics.values()], timezone.now())
    if fixture_id not in screen.reading.fixtures:
        raise Http404(f"LSports has not told us of a fixture {fixture_id}.")
    row = screen.reading.fixtures[fixture_id]
    context = {
        "page": "fixture",
        "fixture": row,
        "title": title_of(row, screen.reading.participants.get(fixture_id, [])),
        **{f"{kind}_fragment": safe(screen, topic) for kind, topic in topics.items()},
    }
    return live_page(request, "fixture.html", screen, context)


def live_page(request: HttpRequest, template: str, screen: Screen, context: dict[str, Any]) -> HttpResponse:
    """A page with the feed's line and a socket."""
    frame = {"live": True, "now_ms": epoch_ms(screen.now), "feed_fragment": safe(screen, FEED)}
    return render(request, template, {**frame, **context}, using="desk")


def safe(screen: Screen, topic: Topic) -> str:
    """The fragment's HTML, which its template has escaped."""
    return mark_safe(screen.fragment(topic).html)  # noqa: S308 - Jinja2 with autoescape made it


@login_not_required
@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """For load balancers: 200 where the process and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
