"""A board as its reader orders it: own sports first, hidden ones left out, by league, start or last change. Pure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from .lists import MOST_ROWS, Board, BoardList, Tally, digest
from .place import FAVOURITES, RANKS, Place, start_order
from .query import BoardQuery

#: When each fixture last changed.
Changes = Mapping[int, datetime | None]
#: Of these fixtures.
ReadChanges = Callable[[Collection[int]], Changes]


def board_of(listed: BoardList, query: BoardQuery, read_changes: ReadChanges) -> Board:
    """The list as this reader wants it; made once for all who want it alike, but for an order that no list knows."""
    if not query.is_arranged:
        return listed.board(query.favourites)
    if query.by_change:
        return arranged(listed, query, read_changes)
    key = query.favourites, query.sports, query.hidden_here, query.by_start
    return listed.cached(key, lambda: arranged(listed, query))


def arranged(listed: BoardList, query: BoardQuery, read_changes: ReadChanges | None = None) -> Board:
    places = listed.order(query.favourites, len(listed.entries))
    changes = read_changes([place.fixture_id for place in places]) if read_changes is not None else {}
    order = arranged_places(places, query, changes)[:MOST_ROWS]
    tally = arranged_tally(listed.tally_without(query.hidden_here), query.sports)
    return Board(order, tally, digest((order, tally)))


def arranged_places(order: Sequence[Place], query: BoardQuery, changes: Changes) -> list[Place]:
    """The places as the reader wants them; each section stays where it is. A favourite is never hidden.

    By start and by change, a sport's fixtures stand under one head, whatever their league.
    """
    hidden = query.hidden_here
    shown = [place for place in order if place.sport_id not in hidden or place.section == FAVOURITES]
    if query.by_start or query.by_change:
        head = gettext("by start") if query.by_start else gettext("by last change")
        shown = [place._replace(location="", league=head, league_id=None) for place in shown]
    first = {sport_id: rank for rank, sport_id in enumerate(query.sports)}
    ranks: dict[tuple[str, int | None], int] = {}
    for place in shown:
        ranks.setdefault((place.section, place.sport_id), len(ranks))

    def key(place: Place) -> tuple[Any, ...]:
        own = first.get(place.sport_id or 0, len(first)), ranks[place.section, place.sport_id]
        return RANKS.get(place.section, -1), own, within_sport(place, query, changes)

    return sorted(shown, key=key)


def within_sport(place: Place, query: BoardQuery, changes: Changes) -> tuple[bool, float] | tuple[()]:
    """The place within its sport by start, or by last change, newest first; without such a moment it comes last."""
    if query.by_change:
        return start_order(changes.get(place.fixture_id), is_over=True)
    return start_order(place.start_at, is_over=place.section == "finished") if query.by_start else ()


def arranged_tally(tally: Tally, sports: Sequence[int]) -> Tally:
    """The sports of the bar in the reader's order."""
    first = {sport_id: rank for rank, sport_id in enumerate(sports)}
    return Tally(tally.tabs, tuple(sorted(tally.sports, key=lambda sport: first.get(sport.id, len(first)))))
