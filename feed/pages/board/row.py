"""A fixture as a row of the board."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from feed.changes import Aspect, revision_columns
from feed.codes import HANDICAPS, IN_PLAY, TOTALS, WINNERS, FixtureStatus
from feed.models import Fixture, Market, Scoreboard
from feed.pages.fixture.clock import Clock, clock_of, epoch_ms
from feed.pages.fixture.incidents import incident_line
from feed.pages.fixture.play import IN_BRIEF, phase_of, status_of
from feed.pages.fixture.sides import Side, sides_of, title_of
from feed.pages.labels import status_in_brief
from feed.pages.markets.main_markets import (
    Line,
    LineMaker,
    any_line,
    first_market,
    handicap_line,
    totals_line,
    winner_line,
)
from feed.pages.reading import Reading
from feed.vouching.sources import Vouching

from .query import BoardQuery, section_of

#: The parts of a fixture that a row shows beside its markets.
PLAY_ASPECTS = frozenset({Aspect.FIXTURE, Aspect.SCOREBOARD, Aspect.PERIODS, Aspect.INCIDENTS, Aspect.STATISTICS})
PLAY_REVISIONS = attrgetter(*revision_columns(PLAY_ASPECTS))
#: Statuses in which play has stopped in a way that a trader must see.
HALTED = frozenset({FixtureStatus.INTERRUPTED, FixtureStatus.LOST_COVERAGE, FixtureStatus.ABANDONED})
#: Statuses that whoever sees the start and the section knows.
AS_LISTED = frozenset({FixtureStatus.NOT_SET, FixtureStatus.NOT_STARTED, FixtureStatus.FINISHED})
#: The time of the last message on a match is shown in such steps, or a row would be pushed for each market of it.
HEARD_STEP_MS = 10_000


class Phase(NamedTuple):
    """What is going on, in full and in brief. Of one that `is_listed` the start and the section say as much."""

    full: str
    brief: str
    is_listed: bool


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A fixture as a row: its state of play, the best prices of its main markets (None: no such market), and the
    newest note on it.

    `heard_at` (epoch milliseconds, in play only) is at most HEARD_STEP_MS before anything of it last changed.
    """

    id: int
    version: str
    section: str
    title: str
    phase: Phase
    clock: Clock | None
    start_at: datetime | None
    is_live: bool
    is_halted: bool
    home: Side
    away: Side
    incident: str
    heard_at: int | None
    winner: Line | None
    totals: Line | None
    handicap: Line | None
    markets: int
    note: str


def shown_phase(fixture: Fixture, scoreboard: Scoreboard | None) -> Phase:
    brief = phase_of(fixture, scoreboard, IN_BRIEF)
    status = status_of(fixture)
    is_listed = status in AS_LISTED and brief == status_in_brief(status)
    return Phase(phase_of(fixture, scoreboard), brief, is_listed)


def shown_markets(reading: Reading, fixture_id: int, query: BoardQuery) -> tuple[Market | None, ...]:
    """The markets in the row's three places: winner, totals, handicap, or those that the reader chose."""
    mine = reading.markets.get(fixture_id, {})
    places = zip(query.chosen, (WINNERS, TOTALS, HANDICAPS), strict=True)
    return tuple(first_market((chosen,) if chosen else usual, mine) for chosen, usual in places)


def row_version(reading: Reading, fixture_id: int, query: BoardQuery, vouching: Vouching) -> str:
    """Differs when anything that the row shows may differ."""
    fixture = reading.fixtures[fixture_id]
    markets = (market.revision if market else 0 for market in shown_markets(reading, fixture_id, query))
    revisions = (*PLAY_REVISIONS(fixture), *markets)
    note_id = getattr(fixture, "note_id", None) or ""
    return f"{'.'.join(map(str, revisions))}.{heard_at(fixture) or ''}.{note_id}.{vouching.signature_for(fixture)}"


def heard_at(fixture: Fixture) -> int | None:
    """When LSports last sent something new of a match in play, in whole steps."""
    is_live = status_of(fixture) in IN_PLAY
    if fixture.received_at is None or not is_live:
        return None
    return epoch_ms(fixture.received_at) // HEARD_STEP_MS * HEARD_STEP_MS


def board_row(reading: Reading, fixture_id: int, query: BoardQuery, vouching: Vouching) -> BoardRow:
    """The row of one fixture."""
    fixture = reading.fixtures[fixture_id]
    scoreboard = getattr(fixture, "scoreboard", None)
    participants = reading.participants.get(fixture_id, [])
    periods, cards = reading.periods.get(fixture_id, []), reading.red_cards.get(fixture_id, [])
    home, away = sides_of(fixture, scoreboard, participants, periods, cards)
    status = status_of(fixture)
    is_live = status in IN_PLAY
    newest = reading.newest_incidents.get(fixture_id) if is_live else None
    winner, totals, handicap = row_lines(reading, fixture_id, query, vouching)
    return BoardRow(
        id=fixture_id,
        version=row_version(reading, fixture_id, query, vouching),
        section=section_of(fixture.status),
        title=title_of(fixture, participants),
        phase=shown_phase(fixture, scoreboard),
        clock=clock_of(fixture, scoreboard) if scoreboard else None,
        start_at=fixture.start_at,
        is_live=is_live,
        is_halted=status in HALTED,
        home=home,
        away=away,
        incident=incident_line(newest, fixture.sport_id).short if newest else "",
        heard_at=heard_at(fixture),
        winner=winner,
        totals=totals,
        handicap=handicap,
        markets=len(reading.markets.get(fixture_id, {})),
        note=getattr(fixture, "note", None) or "",
    )


def row_lines(
    reading: Reading, fixture_id: int, query: BoardQuery, vouching: Vouching
) -> tuple[Line | None, Line | None, Line | None]:
    """The prices in the row's three places."""

    def line(place: int, usual: LineMaker, size: int) -> Line | None:
        market = markets[place]
        if market is None:
            return None
        mine = reading.bets.get((fixture_id, market.market_id), [])
        bets = [bet for bet in mine if query.provider_id in (None, bet.provider_id)]
        vouches = reading.vouching_for(market, vouching)
        if query.chosen[place]:
            return any_line(market, bets, vouches, query.display.odds, size)
        return usual(market, bets, vouches, query.display.odds)

    markets = shown_markets(reading, fixture_id, query)
    return line(0, winner_line, 3), line(1, totals_line, 2), line(2, handicap_line, 2)
