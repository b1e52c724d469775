"""The board's places by section and league."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from feed.codes import sport_traits
from feed.pages.markets.main_markets import labels_of

from .lists import MOST_ROWS
from .memory import read_places
from .place import Place
from .query import BoardQuery


class LeagueGroup(NamedTuple):
    """A league's rows under one head; `labels` are the outcomes that its price columns show.

    `shows_periods`: its rows have the score of each period beside the total, and need the room.
    """

    sport: str
    location: str
    league: str
    league_id: int | None
    labels: tuple[str, ...]
    shows_periods: bool
    places: list[Place]


class SectionGroup(NamedTuple):
    word: str
    number: int
    leagues: list[LeagueGroup]


def places(query: BoardQuery, now: datetime, most: int = MOST_ROWS) -> list[Place]:
    """The board's fixtures in its order, favourites first, `most` at most; one query unless something changed."""
    return read_places().list_of(query, now).order(query.favourites, most)


def grouped(order: Sequence[Place]) -> list[SectionGroup]:
    """The places as sections and, within them, leagues."""
    sections = []
    for word, members in groupby(order, key=lambda place: place.section):
        leagues = [league_group(list(group)) for _, group in groupby(members, key=lambda place: place[1:6])]
        sections.append(SectionGroup(word, sum(len(league.places) for league in leagues), leagues))
    return sections


def league_group(members: list[Place]) -> LeagueGroup:
    """The group of these places, which are of one league."""
    first = members[0]
    return LeagueGroup(
        first.sport,
        first.location,
        first.league,
        first.league_id,
        labels_of(first.sport_id),
        sport_traits(first.sport_id).shows_periods,
        members,
    )
