"""Pinning fixtures and markets, saving boards under a name: small changes that a page posts."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from feed.pages.board_query import parse_query
from feed.pages.look import joined

from .own import forget_view, save_view, toggle_favourite, toggle_market

MOST_LETTERS = 40


@require_POST
def favourite(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """Pin or unpin a fixture; the answer says all that are pinned, for the page to watch its board anew."""
    desk = toggle_favourite(request.user, fixture_id)
    return JsonResponse({"pinned": fixture_id in desk.favourites, "pins": joined(tuple(desk.favourites))})


@require_POST
def pinned_market(request: HttpRequest, market_id: int) -> HttpResponse:
    """Pin or unpin a market on every fixture page."""
    desk = toggle_market(request.user, market_id)
    return JsonResponse({"pinned": market_id in desk.pinned_markets})


@require_POST
def view(request: HttpRequest) -> HttpResponse:
    """Save the board under `name`, or with `forget` drop the name; back to the board."""
    name = request.POST.get("name", "").strip()[:MOST_LETTERS]
    if not name:
        return HttpResponseBadRequest("A view needs a name.", content_type="text/plain")
    words = parse_query(request.POST.get("words", "")).address
    if "forget" in request.POST:
        forget_view(request.user, name)
    else:
        save_view(request.user, name, words)
    return redirect(f"/?{words}" if words else "/")
