"""The board's list: which fixtures stand where, by section, sport and league, and how many each tab and sport has."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

import msgspec
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext

from feed.codes import IN_PLAY, UPCOMING, sport_traits
from feed.models import Participant
from feed.pages.fixture.sides import side_names
from feed.pages.markets.main_markets import labels_of

from .query import SECTIONS, TABS, BoardQuery, is_today, section_of

#: More rows than a person can follow; the page says how many are left out.
MOST_ROWS = 500
FAVOURITES = "favourites"
RANK = Case(When(status__in=IN_PLAY, then=0), When(status__in=UPCOMING, then=1), default=2)


class Place(NamedTuple):
    """Where a fixture stands on the board, and what names it before its row is painted: two sides, or else `name`.

    `own_section` is where it would stand if nobody had pinned it.
    """

    section: str
    sport_id: int | None
    sport: str
    location: str
    league: str
    league_id: int | None
    fixture_id: int
    home: str
    away: str
    name: str
    start_at: datetime | None
    own_section: str

    @property
    def sides(self) -> tuple[str, str]:
        """The two sides' names, as the row will have them."""
        return side_names(self.home, self.away, self.name)


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


@dataclass(frozen=True, slots=True)
class SportNumber:
    """A sport of the bar and how many fixtures of the chosen tab it has."""

    id: int
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many fixtures each tab and each sport has."""

    tabs: dict[str, int]
    sports: tuple[SportNumber, ...]


def places(query: BoardQuery, now: datetime, most: int = MOST_ROWS) -> list[Place]:
    """The board's fixtures in its order, favourites first, `most` at most; one query, and those of a search."""
    fixtures = query.fixtures(now).annotate(rank=pinned_rank(query.favourites), home=name_at(1), away=name_at(2))
    if query.show not in ("all", "today"):
        fixtures = fixtures.filter(section_filter(query.show))
    rows = fixtures.order_by(
        "rank",
        "sport__name",
        "league__name",
        "league_id",
        Case(When(rank__lt=2, then=F("start_at"))),
        F("start_at").desc(nulls_last=True),
        "id",
    ).values_list(
        "rank",
        "sport_id",
        "sport__name",
        "location__name",
        "league__name",
        "league_id",
        "id",
        "home",
        "away",
        "name",
        "start_at",
        "status",
    )
    return [_place(*row) for row in rows[:most]]


def pinned_rank(favourites: Sequence[int]) -> Case:
    """-1 for a favourite, else the place of the fixture's section."""
    return Case(When(pk__in=favourites, then=Value(-1)), default=RANK, output_field=IntegerField())


def name_at(position: int) -> Subquery:
    of_fixture = Participant.objects.filter(fixture_id=OuterRef("pk"), position=position)
    return Subquery(of_fixture.order_by("participant_id").values("name")[:1])


def section_filter(word: str) -> Q:
    """The fixtures of a section, as a condition."""
    statuses = next(section.statuses for section in SECTIONS if section.word == word)
    return Q(status__in=statuses) if statuses is not None else ~Q(status__in=frozenset(map(int, IN_PLAY | UPCOMING)))


def _place(
    rank: int,
    sport_id: int | None,
    sport: str | None,
    location: str | None,
    league: str | None,
    league_id: int | None,
    pk: int,
    home: str | None,
    away: str | None,
    name: str,
    start_at: datetime | None,
    status: int,
) -> Place:
    own_section = section_of(status)
    section = own_section if rank >= 0 else FAVOURITES
    sport, league = sport or gettext("Unknown sport"), league or gettext("Unknown league")
    names = home or "", away or "", name
    return Place(section, sport_id, sport, location or "", league, league_id, pk, *names, start_at, own_section)


def grouped(order: list[Place]) -> list[SectionGroup]:
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


def tally(query: BoardQuery, now: datetime) -> Tally:
    """The numbers beside the tabs and the sports: one query."""
    today = Case(When(is_today(query.zone, now), then=1), default=0)
    rows = list(
        query.fixtures_of_all_tabs()
        .annotate(rank=RANK, today=today)
        .values_list("sport_id", "sport__name", "rank", "today")
        .annotate(Count("id"))
        .order_by()
    )
    tabs = dict.fromkeys(TABS, 0)
    sports: dict[int, SportNumber] = {}
    for sport_id, name, rank, is_of_today, number in rows:
        its_tabs = {SECTIONS[rank].word, "all", *(("today",) if is_of_today else ())}
        if query.sport_id in (None, sport_id):
            for word in its_tabs:
                tabs[word] += number
        if sport_id is not None and query.show in its_tabs:
            before = sports[sport_id].number if sport_id in sports else 0
            named = name or gettext("Sport %(number)s") % {"number": sport_id}
            sports[sport_id] = SportNumber(sport_id, named, before + number)
    return Tally(tabs, tuple(sorted(sports.values(), key=lambda sport: (-sport.number, sport.name))))


def board_version(order: list[Place], numbers: Tally) -> str:
    """Differs when a fixture comes, goes or moves on the board, what names it or its league changes, or a number
    beside a tab.
    """
    return hashlib.blake2s(msgspec.json.encode((order, numbers)), digest_size=8).hexdigest()
