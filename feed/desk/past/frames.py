"""Frames of the player: what of a page is another at another moment, as its socket would bring it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from feed.database.moment import one_moment
from feed.live.hub.budget import SOCKET_COST
from feed.live.page import frame
from feed.live.parts.board.board import board_query
from feed.live.parts.fragments import TopicHtml, read_fragments
from feed.live.parts.part import PageTopic
from feed.live.payload import json_text
from feed.live.sockets import watched
from feed.models import Fixture
from feed.pages.board.query import parse_query
from feed.pages.fixture.clock import epoch_ms
from feed.past.board import board_opened
from feed.past.fixture import outline_opened

from .ways import must_be_over


class Shown(msgspec.Struct):
    """What a page shows: its topics, with the versions that it has."""

    watch: dict[str, str]


@require_POST
def board_frame(request: HttpRequest, moment: datetime) -> HttpResponse:
    """A frame of the board that the address asks for, as it was."""
    must_be_over(moment)
    have, query = topics_of(request), parse_query(request.META["QUERY_STRING"])
    picked = {pk for topic in have for pk in board_query(topic.query).picked_ids}
    has_prices = query.provider_id is not None
    with one_moment(), board_opened(moment, query.market_id, picked, has_prices=has_prices) as need_rows:
        return answer(have, moment, lambda html: need_rows(html.row_fixture_ids()))


@require_POST
def fixture_frame(request: HttpRequest, moment: datetime, fixture_id: int) -> HttpResponse:
    """A frame of the fixture's page, as it was."""
    must_be_over(moment)
    have = topics_of(request)
    if fixture_id >= 2**63 or any(topic.fixture_id not in (0, fixture_id) for topic in have):
        raise BadRequest("a page of another fixture")
    with one_moment(), outline_opened(fixture_id, moment) as need_bets:
        if not Fixture.objects.filter(pk=fixture_id).exists():
            raise Http404(gettext("The desk has nothing of it at that moment."))
        return answer(have, moment, lambda html: need_bets(html.bet_market_ids()))


def topics_of(request: HttpRequest) -> dict[PageTopic, str]:
    """The topics that the page asks for; they may cost no more than those of a page's socket."""
    try:
        have = watched(msgspec.json.decode(request.body, type=Shown).watch)
    except (msgspec.DecodeError, ValueError) as error:
        raise BadRequest(str(error)) from None
    if sum(topic.cost for topic in have) > SOCKET_COST:
        raise BadRequest("more than a single page shows")
    return have


def answer(have: dict[PageTopic, str], moment: datetime, prepare: Callable[[TopicHtml], None]) -> HttpResponse:
    """A message like those of sockets, with `now`: the moment that it is of."""
    updates = read_fragments({topic: [version] for topic, version in have.items()}, moment, prepare=prepare)
    fragments: list[Any] = [payload for update in updates.values() for payload in update.payloads.values()]
    message = frame(fragments, moment) | {"now": epoch_ms(moment)}
    return HttpResponse(json_text(message), content_type="application/json")
