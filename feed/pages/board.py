"""The board: fixtures by section, sport and league, a row each."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.db.models import Case, Count, QuerySet, When
from django.http import QueryDict

from feed.codes import IN_PLAY, UPCOMING
from feed.models import Fixture

from .clock import Clock, clock_of
from .play import phase_of, status_of
from .prices import PriceCell, best_cell, of_bookmakers, price_cell
from .reading import Reading
from .sides import Side, sides_of, title_of
from .vouching import Vouching

OUTCOMES = ("1", "X", "2")
#: More rows than a person can follow; the page says how many are left out.
MOST_ROWS = 500


class Section(NamedTuple):
    """A part of the board: its word in addresses, its title, the statuses in it (None: all others)."""

    word: str
    title: str
    statuses: frozenset[int] | None


SECTIONS = (
    Section("in_play", "In play", frozenset(map(int, IN_PLAY))),
    Section("upcoming", "Upcoming", frozenset(map(int, UPCOMING))),
    Section("finished", "Finished", None),
)


@dataclass(frozen=True, slots=True)
class BoardQuery:
    """Which fixtures a board shows. Its words are the page's address, so a board can be shared by its link."""

    show: str = "all"
    sport_id: int | None = None

    @property
    def words(self) -> str:
        parts = [f"show={self.show}"] if self.show != "all" else []
        return "&".join(parts + ([f"sport={self.sport_id}"] if self.sport_id is not None else []))

    def sections(self) -> Iterator[Section]:
        return (section for section in SECTIONS if self.show in ("all", section.word))

    def fixtures(self) -> QuerySet[Fixture]:
        fixtures = Fixture.objects.matches()
        return fixtures.filter(sport_id=self.sport_id) if self.sport_id is not None else fixtures


def parse_query(words: str) -> BoardQuery:
    """The board that an address asks for; what is not understood is left out, never an error."""
    asked = QueryDict(words)
    show, sport = asked.get("show", "all"), asked.get("sport", "")
    return BoardQuery(
        show if show in {section.word for section in SECTIONS} else "all",
        int(sport) if sport.isdecimal() and len(sport) < 19 else None,
    )


class Place(NamedTuple):
    """Where a fixture stands on the board."""

    section: Section
    sport: str
    location: str
    league: str
    fixture_id: int


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A fixture as a row. `prices` are the best of the bookmakers for 1, X and 2 (None: no such outcome)."""

    id: int
    version: str
    title: str
    phase: str
    clock: Clock | None
    start_at: datetime | None
    is_live: bool
    home: Side
    away: Side
    prices: tuple[PriceCell | None, ...]
    market_name: str


def places(query: BoardQuery) -> list[Place]:
    """The board's fixtures in its order; one query for each section."""
    return [place for section in query.sections() for place in _section_places(query, section)]


def _section_places(query: BoardQuery, section: Section) -> Iterator[Place]:
    fixtures = query.fixtures()
    if section.statuses is not None:
        fixtures = fixtures.filter(status__in=section.statuses)
    else:
        fixtures = fixtures.exclude(status__in=frozenset(map(int, IN_PLAY | UPCOMING)))
    order = "-start_at" if section.statuses is None else "start_at"
    rows = fixtures.order_by("sport__name", "league__name", "league_id", order, "id")
    for sport, location, league, pk in rows.values_list("sport__name", "location__name", "league__name", "id")[
        :MOST_ROWS
    ]:
        yield Place(section, sport or "Sport not told", location or "", league or "League not told", pk)


def order_version(order: list[Place]) -> str:
    """Differs when a fixture comes, goes or moves on the board."""
    text = ",".join(f"{place.section.word[0]}{place.fixture_id}" for place in order)
    return hashlib.blake2s(text.encode(), digest_size=8).hexdigest()


def grouped(order: list[Place]) -> list[tuple[Section, int, list[tuple[str, str, str, list[int]]]]]:
    """The places as sections of (sport, location, league, fixture ids), with each section's number of fixtures."""
    sections = []
    for section, members in groupby(order, key=lambda place: place.section):
        leagues = [
            (*key, [place.fixture_id for place in group])
            for key, group in groupby(members, key=lambda place: place[1:4])
        ]
        sections.append((section, sum(len(league[3]) for league in leagues), leagues))
    return sections


def counts(query: BoardQuery) -> dict[str, int]:
    """How many fixtures each section has, for the tabs."""
    word = Case(When(status__in=IN_PLAY, then=0), When(status__in=UPCOMING, then=1), default=2)
    found = dict(query.fixtures().values_list(word).annotate(Count("id")).order_by())
    numbers = {section.word: found.get(index, 0) for index, section in enumerate(SECTIONS)}
    return {"all": sum(numbers.values()), **numbers}


def row_version(reading: Reading, fixture_id: int, vouching: Vouching) -> str:
    """Differs when anything that the row shows may differ."""
    fixture = reading.fixtures[fixture_id]
    market_id = reading.main_market(fixture_id)
    market_revision = reading.markets[fixture_id][market_id].revision if market_id is not None else 0
    revisions = (
        fixture.fixture_revision,
        fixture.scoreboard_revision,
        fixture.periods_revision,
        fixture.statistics_revision,
        market_revision,
    )
    return f"{'.'.join(map(str, revisions))}.{vouching.signature}"


def board_rows(reading: Reading, wanted: Collection[int], vouching: Vouching) -> dict[int, BoardRow]:
    """A row for each wanted fixture that exists."""
    return {
        fixture_id: board_row(reading, fixture_id, vouching) for fixture_id in wanted if fixture_id in reading.fixtures
    }


def board_row(reading: Reading, fixture_id: int, vouching: Vouching) -> BoardRow:
    """The row of one fixture."""
    fixture = reading.fixtures[fixture_id]
    scoreboard = getattr(fixture, "scoreboard", None)
    participants = reading.participants.get(fixture_id, [])
    cards = reading.red_cards.get(fixture_id, [])
    home, away = sides_of(fixture, scoreboard, participants, reading.periods.get(fixture_id, []), cards)
    market_id = reading.main_market(fixture_id)
    return BoardRow(
        id=fixture_id,
        version=row_version(reading, fixture_id, vouching),
        title=title_of(fixture, participants),
        phase=phase_of(fixture, scoreboard),
        clock=clock_of(scoreboard, fixture.sport_id) if scoreboard else None,
        start_at=fixture.start_at,
        is_live=status_of(fixture, scoreboard) in IN_PLAY,
        home=home,
        away=away,
        prices=main_prices(reading, fixture_id, market_id, vouching),
        market_name=reading.markets[fixture_id][market_id].name if market_id is not None else "",
    )


def main_prices(
    reading: Reading, fixture_id: int, market_id: int | None, vouching: Vouching
) -> tuple[PriceCell | None, ...]:
    """The best price of each outcome of the main market."""
    if market_id is None:
        return (None,) * len(OUTCOMES)
    bets, up = of_bookmakers(reading.bets.get((fixture_id, market_id), [])), vouching.up
    return tuple(
        best_cell(
            price_cell(bet, reading.providers.get(bet.provider_id, ""), up)
            for bet in bets
            if bet.name == outcome and not bet.line
        )
        for outcome in OUTCOMES
    )
