"""Pinning fixtures and markets, folding leagues, saving boards under a name: small changes that a page posts."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from feed.models import Desk
from feed.pages.board.query import COLUMNS, BoardQuery, parse_query
from feed.pages.display import joined

from .broken import page, posted
from .live_page import must_be_known
from .own import (
    MOST_VIEWS,
    desk_of,
    forget_view,
    picks_of,
    save_view,
    toggle_favourite,
    toggle_league,
    toggle_market,
    toggle_sport,
)

MOST_CHARACTERS = 40


@posted
def favourite(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """Pin or unpin a fixture; the answer says all that are pinned, for the page to watch its board again."""
    if fixture_id not in desk_of(request.user).favourites:
        must_be_known(fixture_id)
    desk = toggle_favourite(request.user, fixture_id)
    return JsonResponse({"pinned": fixture_id in desk.favourites, "pins": joined(tuple(desk.favourites))})


@posted
def pinned_market(request: HttpRequest, market_id: int) -> HttpResponse:
    """Pin or unpin a market on every fixture page."""
    if market_id >= 2**63:
        raise Http404(gettext("There is no such market."))
    desk = toggle_market(request.user, market_id)
    return JsonResponse({"pinned": market_id in desk.pinned_markets})


@posted
def fold(request: HttpRequest, league_id: int) -> HttpResponse:
    """Fold a league on every board of the trader, or unfold it."""
    if league_id >= 2**63:
        raise Http404(gettext("There is no such league."))
    desk = toggle_league(request.user, league_id)
    return JsonResponse({"folded": league_id in desk.folded_leagues})


@posted
def fold_sport(request: HttpRequest, sport_id: int) -> HttpResponse:
    """Fold all leagues of a sport on every board of the trader, or unfold them."""
    if sport_id >= 2**63:
        raise Http404(gettext("There is no such sport."))
    desk = toggle_sport(request.user, sport_id)
    return JsonResponse({"folded": sport_id in desk.sports["folded"]})


@posted
def view(request: HttpRequest) -> HttpResponse:
    """Save the board under `name`, with how it is shown, or with `forget` drop the name; back to the board."""
    name = request.POST.get("name", "").replace("\0", "").strip()[:MOST_CHARACTERS]
    if not name:
        return page("400.html", 400, message=gettext("A view needs a name."))
    query = parse_query(request.POST.get("words", ""))
    if "forget" in request.POST:
        forget_view(request.user, name)
        return redirect(f"/?{query.address}" if query.address else "/")
    words = whole(query, desk_of(request.user)).address
    if not save_view(request.user, name, words):
        words_of_it = gettext("There are %(most)s boards with names already. Delete one, then save this one.")
        return page("400.html", 400, message=words_of_it % {"most": MOST_VIEWS})
    return redirect(f"/?{words}")


def whole(query: BoardQuery, desk: Desk) -> BoardQuery:
    """The board as this trader sees it: another whom the link is sent to, or another day, shows the same."""
    shown = tuple(name for name in COLUMNS if name not in desk.hidden_columns)
    return query.but(
        order=query.order or desk.order,
        density=query.density or desk.density,
        columns=shown if query.columns is None else query.columns,
        picks=query.picks or picks_of(desk),
    )
