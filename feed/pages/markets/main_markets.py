"""The markets that a board shows for a fixture: the winner, the total and the handicap."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from feed.codes import sport_traits
from feed.models import Bet, Market
from feed.pages.prices.cell import PriceCell, PriceState, best_cell, of_bookmakers, price_cell
from feed.vouching.market import MarketVouching

from .grid import OUTCOME_ORDER
from .lines import Lines


class Line(NamedTuple):
    """A market at one line: the text of that line ("" for none), and a cell for each outcome, None if not offered."""

    line: str
    cells: tuple[PriceCell | None, ...]


#: Makes the `Line` of a market from its bets, what vouches for them, and the notation of prices.
LineMaker = Callable[[Market, Sequence[Bet], MarketVouching, str], Line]


def labels_of(sport_id: int | None) -> tuple[str, ...]:
    """The outcomes of the market for the winner, as column headings."""
    return ("1", "X", "2") if sport_id is None or sport_traits(sport_id).can_be_drawn else ("1", "", "2")


def first_market(ids: Iterable[int], markets: Mapping[int, Market]) -> Market | None:
    """The first market with one of these ids that the fixture has."""
    return next((markets[pk] for pk in ids if pk in markets), None)


def winner_line(market: Market, bets: Sequence[Bet], vouching: MarketVouching, odds: str) -> Line:
    """The best price of each outcome; the second column stays empty where there is no draw."""
    return Line("", _cells([bet for bet in bets if not bet.line], ("1", "X", "2"), vouching, odds))


def any_line(market: Market, bets: Sequence[Bet], vouching: MarketVouching, odds: str, size: int) -> Line:
    """The outcomes of a market that the reader picked, at its main line, each with its name. They are in their usual
    order; if there are more than `size`, only the likeliest are shown, the shortest open price first."""
    at_line = _at_main_line(market, bets)
    names = tuple(dict.fromkeys(bet.name for bet in sorted(at_line, key=_reading_order)))
    offered = zip(names, _cells(at_line, names, vouching, odds), strict=True)
    cells = [replace(cell, outcome=name) for name, cell in offered if cell is not None]
    if len(cells) > size:
        cells = sorted(cells, key=lambda cell: (cell.state is not PriceState.OPEN, cell.value or 0))[:size]
    return Line(market.main_line, (*cells, *(None,) * (size - len(cells))))


def totals_line(market: Market, bets: Sequence[Bet], vouching: MarketVouching, odds: str) -> Line:
    """Over and under at the main line."""
    at_line = _at_main_line(market, bets)
    return Line(at_line[0].line if at_line else "", _cells(at_line, ("Over", "Under"), vouching, odds))


def handicap_line(market: Market, bets: Sequence[Bet], vouching: MarketVouching, odds: str) -> Line:
    """Home and away at the main line, which is written from the home side."""
    at_line = _at_main_line(market, bets)
    home = next((bet.line for bet in at_line if bet.name == "1"), "")
    return Line(home.split(" ")[0], _cells(at_line, ("1", "2"), vouching, odds))


def _reading_order(bet: Bet) -> tuple[int, int, str]:
    return OUTCOME_ORDER.get(bet.name, len(OUTCOME_ORDER)), bet.order or 0, bet.name


def _at_main_line(market: Market, bets: Sequence[Bet]) -> list[Bet]:
    """The bets of the main line; where LSports names none that is offered, of the line with the most bets."""
    lines = Lines(bets, market.main_line)
    return [bet for bet in bets if lines.of(bet) == lines.main]


def name_of(bet: Bet) -> str:
    """The bookmaker's name, as RowReading annotated it; "" where LSports sent none."""
    return getattr(bet, "provider_name", None) or ""


def is_outcome(bet: Bet, outcome: str) -> bool:
    """Whether the bet is on `outcome`, whatever its capitals."""
    return bet.name == outcome or bet.name.casefold() == outcome.casefold()


def _cells(
    bets: Sequence[Bet], outcomes: tuple[str, ...], vouching: MarketVouching, odds: str
) -> tuple[PriceCell | None, ...]:
    offered = of_bookmakers(bets)
    return tuple(
        best_cell(price_cell(bet, name_of(bet), vouching, odds) for bet in offered if is_outcome(bet, outcome))
        for outcome in outcomes
    )
