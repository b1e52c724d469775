"""The filters of a board that are on, each with the board without it."""

from collections.abc import Collection
from typing import NamedTuple

from django.utils.translation import gettext

from feed.models import League, Location, Market, Provider
from feed.pages.labels import market_title
from feed.pages.markets.provider import provider_name

from .query import BoardQuery


class Chip(NamedTuple):
    """A filter that is on: what it is, what it narrows to, the words of the board without it."""

    word: str
    title: str
    value: str
    without: str


def chips(query: BoardQuery) -> list[Chip]:
    """The filters beyond the tab and the sport: a query for each that has a name."""
    found = (
        ("text", gettext("Search"), query.text),
        ("location_id", gettext("Location"), named(Location, query.location_id)),
        ("league_id", gettext("League"), named(League, query.league_id)),
        ("provider_id", gettext("Bookmaker"), bookmaker(query.provider_id)),
        ("market_id", gettext("Market"), market(query.market_id)),
    )
    empty = BoardQuery()
    return [
        Chip(word, title, value, query.but(**{word: getattr(empty, word)}).address)
        for word, title, value in found
        if value
    ]


def named(model: type[League] | type[Location], pk: int | None) -> str:
    """The name, or the number where nothing is known of it; "" without a number."""
    if pk is None:
        return ""
    return model.objects.filter(pk=pk).values_list("name", flat=True).first() or str(pk)


def bookmaker(pk: int | None) -> str:
    if pk is None:
        return ""
    return provider_name(pk, Provider.objects.filter(pk=pk).values_list("name", flat=True).first())


def market(pk: int | None) -> str:
    if pk is None:
        return ""
    name = Market.objects.filter(market_id=pk).values_list("name", flat=True).first()
    return market_title(pk, name or str(pk))


def heads(query: BoardQuery, sport_ids: Collection[int | None]) -> dict[int | None, tuple[str, ...]]:
    """What stands over each place of prices, by sport: the name of the market that was chosen, "" over the usual."""
    chosen = {sport_id: query.for_sport(sport_id).chosen for sport_id in sport_ids}
    names = {pk: market(pk) for pk in {pk for places in chosen.values() for pk in places if pk}}
    return {sport_id: tuple(names.get(pk, "") for pk in places) for sport_id, places in chosen.items()}
