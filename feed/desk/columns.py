"""Which markets stand in a sport's places of prices on the board: any that its fixtures have."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from feed.models import Market
from feed.pages.board.memory import read_places
from feed.pages.board.picks import PLACES, USUAL
from feed.pages.board.query import BoardQuery, parse_query
from feed.pages.display import number
from feed.pages.labels import market_title

from .broken import page, posted
from .own import desk_of, pick_markets, picks_of

MOST_CHOICES = 400
#: The places of prices in a row, by what usually stands there.
PLACE_TITLES = (gettext_lazy("In place of 1 X 2"), gettext_lazy("In place of the total"),
    gettext_lazy("In place of the handicap"))  # fmt: skip


@require_safe
def columns(request: HttpRequest) -> HttpResponse:
    """The panel of columns: of the sport that `of` names, or else the board's, or the first on it."""
    query = parse_query(request.META["QUERY_STRING"])
    query = query.but(own_picks=picks_of(desk_of(request.user)))
    sports = sports_of(query)
    wanted = number(request.GET.get("of", "")) or query.sport_id
    sport_id = wanted if wanted in dict(sports) else next(iter(dict(sports)), None)
    context = {
        "query": query,
        "whole": query.but(picks=query.shown_picks),
        "sports": sports,
        "sport_id": sport_id,
        "places": list(zip(PLACE_TITLES, query.for_sport(sport_id).places, strict=True)),
        "markets": markets_of(sport_id),
    }
    return render(request, "_columns.html", context, using="desk")


def sports_of(query: BoardQuery) -> list[tuple[int, str]]:
    """The sports that have fixtures, by name."""
    entries = read_places().list_of(query.cleared.but(show="all", sport_id=None), timezone.now()).entries
    named = {entry.place.sport_id: entry.place.sport for entry in entries if entry.place.sport_id is not None}
    return sorted(named.items(), key=lambda item: item[1])


def markets_of(sport_id: int | None) -> list[tuple[int, str]]:
    """The markets that fixtures of the sport have, by name."""
    rows = Market.objects.filter(fixture__sport_id=sport_id or 0).order_by("market_id")
    names: dict[int, str] = dict(rows.values_list("market_id", "name").distinct())
    return sorted(((pk, market_title(pk, name)) for pk, name in names.items()), key=lambda item: item[1])[:MOST_CHOICES]


@posted
def pick(request: HttpRequest) -> HttpResponse:
    """Keep the markets of a sport's places; back to the board, whose address then says nothing of them."""
    sport_id = number(request.POST.get("sport", ""))
    if sport_id is None:
        return page("400.html", 400, message=gettext("There is no such sport."))
    markets = tuple(number(text) or 0 for text in request.POST.getlist("market"))
    pick_markets(request.user, sport_id, markets if len(markets) == PLACES else USUAL)
    words = parse_query(request.POST.get("words", "")).but(picks=()).address
    return redirect(f"/?{words}" if words else "/")
