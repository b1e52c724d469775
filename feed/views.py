"""The board and the fixture page, made of the same fragments that their sockets replace later."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from feed.database.moment import one_moment
from feed.live.parts.board.board import BOARD
from feed.live.parts.fixture.people import PEOPLE
from feed.live.parts.fragments import TopicHtml
from feed.live.parts.markets.markets import MARKETS
from feed.live.parts.part import PagePart, PageTopic
from feed.live.parts.registry import PARTS
from feed.pages.board.query import COLUMNS, BoardQuery, parse_query
from feed.pages.fixture.sides import title_of
from feed.pages.markets.groups import MarketsQuery, parse_markets
from feed.past.address import at_moment, here
from feed.past.board import board_opened
from feed.past.fixture import outline_opened
from feed.past.moments import moment_text
from feed.past.turns import TURNS

from .desk.broken import page as error_page
from .desk.live_page import FEED, known_fixture, live_page, safe, unknown
from .desk.own import desk_of, display_of, picks_of
from .desk.past.ways import must_be_over
from .models import Desk, Fixture

#: All that anybody opens: a page of the past has no socket to bring the others.
MOST_MARKETS = 1000
#: Of a board of the past the first rows have prices: a hundred take a second of a processor.
PAST_ROWS = 100


def nothing(html: TopicHtml) -> None:
    """The present has all rows already."""


class Showing(NamedTuple):
    """The moment that a page is of, how many rows of a list come with it, what is done before prices are read, and
    whether people are shown: of the past nobody knows who looked."""

    now: datetime
    inline: int
    prepare: Callable[[TopicHtml], None] = nothing
    has_people: bool = True


#: Board rows that come with the page: more than a window shows; the others come when the reader scrolls to them.
INLINE_ROWS = 40
INLINE_MARKETS = 40


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Fixtures in play, upcoming and finished; the address narrows it (`feed.pages.board.query`)."""
    return board_page(request, Showing(timezone.now(), INLINE_ROWS))


def board_page(request: HttpRequest, showing: Showing) -> HttpResponse:
    desk = desk_of(request.user)
    query = board_query(request.META["QUERY_STRING"], desk)
    topic = BOARD.topic(query=query.words)
    html = TopicHtml([FEED, topic], showing.now, inline=showing.inline)
    showing.prepare(html)
    context = {"page": "board", "query": query, "views": desk.views, "board_fragment": safe(html, topic)}
    context["moment"] = showing.now
    return live_page(request, "board.html", html, context, shown_as(desk, query))


def shown_as(desk: Desk, query: BoardQuery) -> Desk:
    """The trader's set-up with what the link says of it; nothing is saved."""
    desk.density = query.density or desk.density
    if query.columns is not None:
        desk.hidden_columns = [name for name in COLUMNS if name not in query.columns]
    return desk


@require_safe
def board_list(request: HttpRequest) -> HttpResponse:
    """The board alone, for htmx: another search. The page's address becomes that of the board."""
    return board_alone(request, Showing(timezone.now(), INLINE_ROWS))


def board_alone(request: HttpRequest, showing: Showing) -> HttpResponse:
    query = board_query(request.META["QUERY_STRING"], desk_of(request.user))
    topic = BOARD.topic(query=query.words)
    html = TopicHtml([topic], showing.now, inline=showing.inline)
    showing.prepare(html)
    return HttpResponse(safe(html, topic), headers={"HX-Replace-Url": f"{here()}/?{query.address}"})


@require_safe
def board_at(request: HttpRequest, moment: datetime) -> HttpResponse:
    """The board as it was; its first rows have prices."""
    return board_as_it_was(request, moment, board_page)


@require_safe
def board_list_at(request: HttpRequest, moment: datetime) -> HttpResponse:
    """Only the board of the moment, without the page around it."""
    return board_as_it_was(request, moment, board_alone)


def board_as_it_was(
    request: HttpRequest, moment: datetime, answer: Callable[[HttpRequest, Showing], HttpResponse]
) -> HttpResponse:
    must_be_over(moment)
    query = board_query(request.META["QUERY_STRING"], desk_of(request.user))
    has_prices, picked = query.provider_id is not None, query.picked_ids
    with one_moment(), board_opened(moment, query.market_id, picked, has_prices=has_prices) as need_rows:
        return answer(request, Showing(moment, PAST_ROWS, lambda html: need_rows(html.row_fixture_ids())))


def board_query(words: str, desk: Desk) -> BoardQuery:
    """The board that an address asks for, as this trader wants it shown."""
    first, hidden = (tuple(desk.sports.get(name, ())) for name in ("first", "hidden"))
    return parse_query(words).but(
        favourites=tuple(desk.favourites),
        zone=desk.zone,
        sports=first,
        hidden=hidden,
        own_picks=picks_of(desk),
        own_order=desk.order,
        display=display_of(desk),
    )


@require_safe
def fixture(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """Everything of one fixture; `?open=` names the groups of markets that are open, `?find=` searches them."""
    return fixture_page(request, fixture_id, Showing(timezone.now(), INLINE_MARKETS))


def fixture_page(request: HttpRequest, fixture_id: int, showing: Showing) -> HttpResponse:
    desk = desk_of(request.user)
    row = known_fixture(fixture_id, *(["claim__user"] if showing.has_people else []))
    query = markets_query(request, desk)
    topics = fixture_topics(row, query)
    if not showing.has_people:
        del topics[PEOPLE]
    html = TopicHtml([FEED, *topics.values()], showing.now, inline=showing.inline)
    html.reading.fixtures = {fixture_id: row}
    if showing.has_people:
        html.claims = {fixture_id: row.claim} if hasattr(row, "claim") else {}
    showing.prepare(html)
    fragments = {part: safe(html, topic) for part, topic in topics.items()}
    context = {
        "page": "fixture",
        "fixture": row,
        "title": title_of(row, html.reading.participants.get(fixture_id, [])),
        "query": query,
        "moment": showing.now,
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


@require_safe
def fixture_markets(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """The markets alone, for htmx: another group opened, another search."""
    return markets_alone(request, fixture_id, Showing(timezone.now(), INLINE_MARKETS))


def markets_alone(request: HttpRequest, fixture_id: int, showing: Showing) -> HttpResponse:
    topic = MARKETS.topic(known_fixture(fixture_id).pk, query=markets_query(request, desk_of(request.user)).words)
    html = TopicHtml([topic], showing.now, inline=showing.inline)
    showing.prepare(html)
    return HttpResponse(safe(html, topic))


@require_safe
def fixture_at(request: HttpRequest, moment: datetime, fixture_id: int) -> HttpResponse:
    """A fixture's page as it was."""
    return as_it_was(request, moment, fixture_id, fixture_page)


@require_safe
def fixture_markets_at(request: HttpRequest, moment: datetime, fixture_id: int) -> HttpResponse:
    """Its markets alone."""
    return as_it_was(request, moment, fixture_id, markets_alone)


def as_it_was(
    request: HttpRequest,
    moment: datetime,
    fixture_id: int,
    answer: Callable[[HttpRequest, int, Showing], HttpResponse],
) -> HttpResponse:
    """The answer, which comes with all it shows: no socket brings more of it."""
    must_be_over(moment)
    if fixture_id >= 2**63:
        raise unknown(fixture_id)
    try:
        with one_moment(), outline_opened(fixture_id, moment) as need_bets:
            showing = Showing(moment, MOST_MARKETS, lambda html: need_bets(html.bet_market_ids()), has_people=False)
            return answer(request, fixture_id, showing)
    except Http404:
        return not_there_then(fixture_id, moment)


def not_there_then(fixture_id: int, moment: datetime) -> HttpResponse:
    """404, with the way to the first moment after it at which there is something to see."""
    number_then = {"number": fixture_id, "moment": moment_text(moment).replace("T", " ")}
    words = gettext("The desk has nothing about fixture %(number)s at %(moment)s UTC.") % number_then
    first = TURNS["change"](fixture_id, moment)
    way = "" if first is None else at_moment(first, reverse("fixture", args=[fixture_id]))
    return error_page("404.html", 404, message=words, way=way)
