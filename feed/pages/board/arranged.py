"""A board in the reader's own order: own sports first, hidden ones left out, by league or by start. Pure."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from .lists import MOST_ROWS, Board, BoardList, Tally, digest
from .place import FAVOURITES, RANKS, Place, start_order
from .query import BoardQuery


def board_of(listed: BoardList, query: BoardQuery) -> Board:
    """The list as this reader wants it; made once for all who want it alike."""
    if not query.is_arranged:
        return listed.board(query.favourites)
    key = query.favourites, query.sports, query.hidden_here, query.by_start
    return listed.cached(key, lambda: arranged(listed, query))


def arranged(listed: BoardList, query: BoardQuery) -> Board:
    order = arranged_places(listed.order(query.favourites, len(listed.entries)), query)[:MOST_ROWS]
    tally = arranged_tally(listed.tally_without(query.hidden_here), query.sports)
    return Board(order, tally, digest((order, tally)))


def arranged_places(order: Sequence[Place], query: BoardQuery) -> list[Place]:
    """The places as the reader wants them; each section stays where it is. A favourite is never hidden.

    By start, a sport's fixtures stand under one head, whatever their league.
    """
    hidden = query.hidden_here
    shown = [place for place in order if place.sport_id not in hidden or place.section == FAVOURITES]
    if query.by_start:
        shown = [place._replace(location="", league=gettext("by start"), league_id=None) for place in shown]
    first = {sport_id: rank for rank, sport_id in enumerate(query.sports)}
    ranks: dict[tuple[str, int | None], int] = {}
    for place in shown:
        ranks.setdefault((place.section, place.sport_id), len(ranks))

    def key(place: Place) -> tuple[Any, ...]:
        own = first.get(place.sport_id or 0, len(first)), ranks[place.section, place.sport_id]
        start = start_order(place.start_at, is_over=place.section == "finished") if query.by_start else ()
        return RANKS.get(place.section, -1), own, start

    return sorted(shown, key=key)


def arranged_tally(tally: Tally, sports: Sequence[int]) -> Tally:
    """The sports of the bar in the reader's order."""
    first = {sport_id: rank for rank, sport_id in enumerate(sports)}
    return Tally(tally.tabs, tuple(sorted(tally.sports, key=lambda sport: first.get(sport.id, len(first)))))
