"""A fixture at two moments: what of its page is not the same, in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from feed.pages.display import DECIMAL, Display
from feed.pages.feed_line import feed_line, for_everybody
from feed.pages.fixture.periods import period_columns
from feed.pages.fixture.play import pending_of, phase_of
from feed.pages.fixture.sides import sides_of, title_of
from feed.pages.markets.grid import GridRow, MarketGrid, market_grid
from feed.pages.prices.cell import PriceCell, PriceState
from feed.pages.prices.closing import fixture_text
from feed.pages.reading import Reading
from feed.vouching.sources import read_vouching


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the page showed: `facts` by their name in the order of the page, and some of the markets."""

    title: str
    facts: Mapping[str, str]
    markets: Mapping[int, MarketGrid]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing at both moments."""

    name: str
    before: str
    after: str

    @property
    def is_same(self) -> bool:
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Price:
    """A bookmaker's price of an outcome at both moments; `words` say what is not the same, "" for nothing."""

    outcome: str
    bookmaker: str
    before: PriceCell | None
    after: PriceCell | None
    words: str


@dataclass(frozen=True, slots=True)
class MarketPrices:
    market_id: int
    name: str
    prices: tuple[Price, ...]


def snapshot(fixture_id: int, market_ids: Collection[int], now: datetime, display: Display = DECIMAL) -> Snapshot:
    """A snapshot of rows as they are read now; the fixture must be there."""
    reading, vouching = Reading([fixture_id], sorted(market_ids)), read_vouching(now)
    fixture, participants = reading.fixtures[fixture_id], reading.participants.get(fixture_id, [])
    scoreboard = getattr(fixture, "scoreboard", None)
    periods, red_cards = reading.periods.get(fixture_id, []), reading.red_cards.get(fixture_id, [])
    home, away = sides_of(fixture, scoreboard, participants, periods, red_cards)
    facts = {
        gettext("Score"): f"{home.score or '–'} : {away.score or '–'}",
        gettext("State of play"): phase_of(fixture, scoreboard),
        gettext("Red cards"): f"{home.red_cards or 0} : {away.red_cards or 0}",
        gettext("Not confirmed yet"): pending_of(scoreboard),
        gettext("Start"): f"{fixture.start_at:%Y-%m-%d %H:%M} UTC" if fixture.start_at else "",
        gettext("All markets"): fixture_text(fixture),
        gettext("Feed"): feed_line(for_everybody(vouching)).text,
    }
    for column in period_columns(periods, fixture.sport_id):
        facts[column.label] = f"{column.home or '–'} : {column.away or '–'}"
    grids = (market_grid(reading, row, vouching, display) for row in reading.markets.get(fixture_id, {}).values())
    return Snapshot(title_of(fixture, participants), facts, {grid.market_id: grid for grid in grids})


def facts_of(before: Snapshot, after: Snapshot) -> list[Fact]:
    """Every fact that either of them has."""
    names = dict.fromkeys([*before.facts, *after.facts])
    facts = (Fact(name, before.facts.get(name, ""), after.facts.get(name, "")) for name in names)
    return [fact for fact in facts if fact.before or fact.after]


def markets_of(before: Snapshot, after: Snapshot) -> list[MarketPrices]:
    """The markets of which a price is not the same, with all their prices."""
    found = []
    for market_id in sorted({*before.markets, *after.markets}):
        then, later = before.markets.get(market_id), after.markets.get(market_id)
        cells = [{} if grid is None else cells_of(grid) for grid in (then, later)]
        keys = dict.fromkeys([*cells[0], *cells[1]])
        prices = tuple(price_of(key, cells[0].get(key), cells[1].get(key)) for key in keys)
        if any(price.words for price in prices) and (grid := later or then):
            found.append(MarketPrices(market_id, grid.name, prices))
    return found


def cells_of(grid: MarketGrid) -> dict[tuple[str, str], PriceCell]:
    """The cells by outcome and bookmaker."""
    return {
        (outcome_of(row), name): cell
        for row in grid.rows
        for (_, name), cell in zip(grid.columns, row.cells, strict=True)
        if cell is not None
    }


def outcome_of(row: GridRow) -> str:
    return " ".join(filter(None, (row.name, row.line, row.player)))


def price_of(key: tuple[str, str], before: PriceCell | None, after: PriceCell | None) -> Price:
    return Price(*key, before, after, words_of(before, after))


def words_of(before: PriceCell | None, after: PriceCell | None) -> str:
    """What is not the same, in words."""
    if before is None or after is None:
        there = after or before
        words = gettext("Not there before; then %(price)s") if before is None else gettext("Gone; it was %(price)s")
        return words % {"price": there.text} if there else ""
    return "; ".join(filter(None, (move_of(before, after), state_of(before, after))))


def move_of(before: PriceCell, after: PriceCell) -> str:
    if before.value == after.value:
        return ""
    if before.value is None or after.value is None:
        words = gettext("%(before)s, then %(after)s")
    elif after.value > before.value:
        words = gettext("Longer: %(before)s, then %(after)s")
    else:
        words = gettext("Shorter: %(before)s, then %(after)s")
    return words % {"before": before.text, "after": after.text}


def state_of(before: PriceCell, after: PriceCell) -> str:
    notes = [gettext("open") if cell.state is PriceState.OPEN else cell.note for cell in (before, after)]
    if notes[0] == notes[1]:
        return ""
    return gettext("was: %(before)s; then: %(after)s") % {"before": notes[0], "after": notes[1]}
