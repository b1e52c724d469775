"""The board and the fixture page, made of the same fragments that their sockets replace later."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from feed.live.parts.board.board import BOARD
from feed.live.parts.fragments import TopicHtml
from feed.live.parts.markets.markets import MARKETS
from feed.live.parts.part import PagePart, PageTopic
from feed.live.parts.registry import PARTS
from feed.pages.board.query import BoardQuery, parse_query
from feed.pages.fixture.sides import title_of
from feed.pages.markets.groups import MarketsQuery, parse_markets

from .desk.live_page import FEED, known_fixture, live_page, safe
from .desk.own import desk_of, display_of
from .models import Desk, Fixture

#: Board rows that come with the page: more than a window shows; the others come when the reader scrolls to them.
INLINE_ROWS = 40
INLINE_MARKETS = 40


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Fixtures in play, upcoming and finished; the address narrows it (`feed.pages.board.query`)."""
    desk = desk_of(request.user)
    query = board_query(request.META["QUERY_STRING"], desk)
    topic = BOARD.topic(query=query.words)
    html = TopicHtml([FEED, topic], timezone.now(), inline=INLINE_ROWS)
    context = {"page": "board", "query": query, "views": desk.views, "board_fragment": safe(html, topic)}
    return live_page(request, "board.html", html, context, desk)


@require_GET
def board_list(request: HttpRequest) -> HttpResponse:
    """The board alone, for htmx: another search. The page's address becomes that of the board."""
    query = board_query(request.META["QUERY_STRING"], desk_of(request.user))
    topic = BOARD.topic(query=query.words)
    html = TopicHtml([topic], timezone.now(), inline=INLINE_ROWS)
    return HttpResponse(safe(html, topic), headers={"HX-Replace-Url": f"/?{query.address}"})


def board_query(words: str, desk: Desk) -> BoardQuery:
    """The board that an address asks for, as this trader wants it shown."""
    first, hidden = (tuple(desk.sports.get(name, ())) for name in ("first", "hidden"))
    return parse_query(words).but(
        favourites=tuple(desk.favourites),
        zone=desk.zone,
        sports=first,
        hidden=hidden,
        by_start=desk.order == Desk.Order.START,
        display=display_of(desk),
    )


@require_GET
def fixture(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """Everything of one fixture; `?open=` names the groups of markets that are open, `?find=` searches them."""
    desk = desk_of(request.user)
    row = known_fixture(fixture_id)
    query = markets_query(request, desk)
    topics = fixture_topics(row, query)
    html = TopicHtml([FEED, *topics.values()], timezone.now(), inline=INLINE_MARKETS)
    html.reading.fixtures = {fixture_id: row}
    fragments = {part: safe(html, topic) for part, topic in topics.items()}
    context = {
        "page": "fixture",
        "fixture": row,
        "title": title_of(row, html.reading.participants.get(fixture_id, [])),
        "query": query,
        "is_favourite": fixture_id in desk.favourites,
        "fragments": {part.kind: fragment for part, fragment in fragments.items()},
        "play": [fragment for part, fragment in fragments.items() if part.in_play_column],
    }
    return live_page(request, "fixture.html", html, context, desk)


def markets_query(request: HttpRequest, desk: Desk) -> MarketsQuery:
    """The groups of markets that the address opens, as this trader wants them shown."""
    return parse_markets(request.META["QUERY_STRING"], desk.pinned_markets, display_of(desk))


def fixture_topics(row: Fixture, query: MarketsQuery) -> dict[PagePart, PageTopic]:
    """What the fixture's page shows: a race has a card where a match has periods, incidents and statistics."""
    parts = (part for part in PARTS.values() if row.kind in part.fixture_kinds)
    return {part: part.topic(row.pk, query=part.words(query)) for part in parts}


@require_GET
def fixture_markets(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """The markets alone, for htmx: another group opened, another search."""
    topic = MARKETS.topic(known_fixture(fixture_id).pk, query=markets_query(request, desk_of(request.user)).words)
    html = TopicHtml([topic], timezone.now(), inline=INLINE_MARKETS)
    return HttpResponse(safe(html, topic))
