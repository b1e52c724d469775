"""The panel of filters: what the fixtures of a board could be narrowed to. Asked for when it is opened, not before."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from feed.models import League, Location, Market, Provider
from feed.pages.board_query import parse_query

MOST_CHOICES = 400


@require_GET
def filters(request: HttpRequest) -> HttpResponse:
    """Locations and leagues of the chosen tab and sport, all bookmakers, the markets that most fixtures have."""
    query = parse_query(request.META["QUERY_STRING"])
    narrowed = query.but(location_id=None, league_id=None, provider_id=None, market_id=None, text="")
    fixtures = narrowed.fixtures(timezone.now())
    context = {
        "query": query,
        "locations": named(Location.objects.filter(pk__in=fixtures.values("location_id"))),
        "leagues": named(League.objects.filter(pk__in=fixtures.values("league_id"))),
        "providers": named(Provider.objects.all()),
        "markets": markets(),
    }
    return render(request, "_filters.html", context, using="desk")


def named(rows: QuerySet[Any, Any] | QuerySet[Model]) -> list[tuple[int, str]]:
    return list(rows.order_by("name").values_list("pk", "name")[:MOST_CHOICES])


def markets() -> list[tuple[int, str]]:
    """All markets that any fixture has, by name."""
    names = dict(Market.objects.order_by("market_id").values_list("market_id", "name").distinct())
    return sorted(names.items(), key=lambda item: item[1])[:MOST_CHOICES]
