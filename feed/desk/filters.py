"""Finding fixtures: the panel of filters, read only when it is opened, and those that the command palette offers."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from feed.models import League, Location, Market, Provider
from feed.pages.board.memory import read_places
from feed.pages.board.place import FAVOURITES, Place
from feed.pages.board.places import places
from feed.pages.board.query import BoardQuery, parse_query
from feed.pages.labels import market_title

from .own import desk_of

MOST_CHOICES = 400
MOST_OFFERED = 12


@require_safe
def filters(request: HttpRequest) -> HttpResponse:
    """Locations and leagues of the chosen tab and sport, all bookmakers, the markets that most fixtures have."""
    query = parse_query(request.META["QUERY_STRING"])
    narrowed = query.but(location_id=None, league_id=None, provider_id=None, market_id=None, text="")
    entries = read_places().list_of(narrowed, timezone.now()).entries
    context = {
        "query": query,
        "locations": named(Location.objects.filter(pk__in={entry.location_id for entry in entries})),
        "leagues": named(League.objects.filter(pk__in={entry.place.league_id for entry in entries})),
        "providers": named(Provider.objects.all()),
        "markets": markets(),
    }
    return render(request, "_filters.html", context, using="desk")


def named(rows: QuerySet[Any, Any] | QuerySet[Model]) -> list[tuple[int, str]]:
    return list(rows.order_by("name").values_list("pk", "name")[:MOST_CHOICES])


def markets() -> list[tuple[int, str]]:
    """All markets that any fixture has, by name."""
    names = dict(Market.objects.order_by("market_id").values_list("market_id", "name").distinct())
    titles = [(pk, market_title(pk, name)) for pk, name in names.items()]
    return sorted(titles, key=lambda item: item[1])[:MOST_CHOICES]


@require_safe
def find(request: HttpRequest) -> JsonResponse:
    """The first fixtures that `?q=` finds, the trader's favourites and those in play first."""
    text = parse_query(request.META["QUERY_STRING"]).text
    query = BoardQuery(text=text, favourites=tuple(desk_of(request.user).favourites))
    found = places(query, timezone.now(), MOST_OFFERED) if text else []
    return JsonResponse({"fixtures": [offered(place) for place in found]})


def offered(place: Place) -> dict[str, Any]:
    """A fixture as the palette shows it."""
    where = " · ".join(filter(None, (place.sport, place.location, place.league)))
    title = " – ".join(filter(None, place.sides))
    return {
        "address": f"/fixtures/{place.fixture_id}/",
        "title": title,
        "where": where,
        "isFavourite": place.section == FAVOURITES,
        "isLive": place.own_section == "in_play",
    }
