"""A market as a grid: rows are outcomes and lines, columns are bookmakers."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from feed.models import Bet, Fixture, Market
from feed.pages.display import DECIMAL, Display
from feed.pages.labels import market_title, settlement_label
from feed.pages.prices.cell import PriceCell, PriceState, mark_best, price_cell
from feed.pages.prices.closing import WORDS
from feed.pages.prices.odds import odds_text
from feed.pages.reading import Reading
from feed.vouching.market import MarketVouching
from feed.vouching.reasons import Reason
from feed.vouching.sources import Vouching

from .lines import Lines, line_key
from .margin import Book, book_of
from .provider import provider_name

#: The order in which people are used to read outcomes; others follow by name.
OUTCOME_ORDER = {
    name: place for place, name in enumerate(("1", "1X", "X", "12", "X2", "2", "Over", "Under", "Yes", "No"))
}

#: Markets of which more than one outcome may win.
NOT_EXCLUSIVE = re.compile(r"double chance|goalscorer|player|to score|\btop \d|to finish|multiple|mix|relegated", re.I)


@dataclass(frozen=True, slots=True)
class GridRow:
    """An outcome at a line; `cells` has one entry for each column, None where a bookmaker has no such bet.

    `player` is "" where it is the outcome's own name. `fair` is the price without the bookmakers' margin, "" where it
    is unknown; `starts_line` is true in the first row of a base line; `is_dead` where nothing of the line is open
    though another line is.
    """

    name: str
    line: str
    player: str
    is_main: bool
    starts_line: bool
    is_dead: bool
    fair: str
    cells: tuple[PriceCell | None, ...]


@dataclass(frozen=True, slots=True)
class MarketGrid:
    """A market with its bookmakers' names as columns, and the margin that each takes at the main line.

    `closed` says why nothing of it is open, "" where something is; `stays` that the first column stays in view; `books`
    is of how many bookmakers the main line's fair price is; `dead_lines` how many lines are folded.
    """

    fixture_id: int
    market_id: int
    version: str
    name: str
    main_line: str
    columns: tuple[tuple[int, str], ...]
    rows: tuple[GridRow, ...]
    margins: tuple[str, ...]
    closed: str
    stays: bool
    books: int
    dead_lines: int

    @property
    def open_rows(self) -> tuple[GridRow, ...]:
        return tuple(row for row in self.rows if not row.is_dead)

    @property
    def dead_rows(self) -> tuple[GridRow, ...]:
        return tuple(row for row in self.rows if row.is_dead)


def market_version(fixture: Fixture, market: Market, vouching: Vouching) -> str:
    """Differs when the market, one of its bets or what vouches for them differs."""
    return f"{market.revision}.{vouching.signature_for(fixture)}"


def market_grid(reading: Reading, market: Market, vouching: Vouching, display: Display = DECIMAL) -> MarketGrid:
    """The grid of a market's bets as read."""
    bets = reading.bets.get((market.fixture_id, market.market_id), [])
    columns = display.columns({bet.provider_id for bet in bets})
    of_market = reading.vouching_for(market, vouching)
    lines = Lines(bets, market.main_line)
    dead = dead_lines(bets, lines, of_market)
    outcomes = _by_outcome(bets, lines, dead)
    books = _books(outcomes, lines, of_market) if is_exclusive(market, bets) else {}

    def cells_of(members: Sequence[Bet]) -> list[PriceCell]:
        return _cells(reading, members, of_market, display)

    rows = _rows(outcomes, lines, books, dead, cells_of, columns, display.odds)
    main = books.get(lines.of(outcomes[0][1][0])) if outcomes else None
    margins = main.margins if main else {}
    return MarketGrid(
        fixture_id=market.fixture_id,
        market_id=market.market_id,
        version=market_version(reading.fixtures[market.fixture_id], market, vouching),
        name=market_title(market.market_id, market.name),
        main_line=market.main_line,
        columns=tuple((pk, provider_name(pk, reading.providers.get(pk))) for pk in columns),
        rows=tuple(rows),
        margins=tuple(f"{margins[pk]:.1%}" if pk in margins else "" for pk in columns) if margins else (),
        closed=_closed(rows),
        stays=bool(columns) and columns[0] == display.staying,
        books=len(margins),
        dead_lines=len(dead),
    )


def _rows(
    outcomes: list[tuple[tuple[str, str, str], list[Bet]]],
    lines: Lines,
    books: dict[str, Book],
    dead: set[str],
    cells_of: Callable[[Sequence[Bet]], list[PriceCell]],
    columns: Sequence[int],
    odds: str,
) -> list[GridRow]:
    rows, line = [], None
    for (name, own_line, player), members in outcomes:
        base = lines.of(members[0])
        fair = books[base].fair.get((name, own_line, player)) if base in books else None
        by_provider = {cell.provider_id: cell for cell in cells_of(members)}
        row = GridRow(
            name=name,
            line=members[0].line,
            player=player if player != name else "",
            is_main=lines.is_main(base),
            starts_line=base != line,
            is_dead=base in dead,
            fair=odds_text(fair, odds) if fair else "",
            cells=tuple(by_provider.get(pk) for pk in columns),
        )
        rows.append(row)
        line = base
    return rows


def dead_lines(bets: Sequence[Bet], lines: Lines, vouching: MarketVouching) -> set[str]:
    """The lines of which nothing is open, where something of another line is."""
    live = {lines.of(bet) for bet in bets if vouching.is_open(bet)}
    return set(map(lines.of, bets)) - live if live else set()


def is_exclusive(market: Market, bets: Sequence[Bet]) -> bool:
    """Whether one outcome alone can win: not where several players may score, or a double chance covers two."""
    return not any(bet.player_name for bet in bets) and NOT_EXCLUSIVE.search(market.name) is None


def _by_outcome(bets: Sequence[Bet], lines: Lines, dead: set[str]) -> list[tuple[tuple[str, str, str], list[Bet]]]:
    """Bets of the same outcome and line together: open lines first, by their distance from the main line; of each line
    Over before Under, and 1 before X and 2."""
    rows: dict[tuple[str, str, str], list[Bet]] = defaultdict(list)
    for bet in bets:
        rows[bet.name, line_key(bet.line), bet.player_name].append(bet)

    def place(item: tuple[tuple[str, str, str], list[Bet]]) -> tuple[object, ...]:
        first = item[1][0]
        base = lines.of(first)
        return (
            base in dead,
            distance(base, lines.stated),
            *line_order(base),
            first.player_name,
            OUTCOME_ORDER.get(first.name, len(OUTCOME_ORDER)),
            first.order or 0,
            *line_order(first.line),
            first.name,
        )

    return sorted(rows.items(), key=place)


def distance(line: str, main_line: str) -> float:
    """How far a line is from the main one; 0 where there is none."""
    return abs(line_order(line)[0] - line_order(main_line)[0]) if main_line and line != main_line else 0.0


def line_order(line: str) -> tuple[float, str]:
    """Sorts lines as numbers where they are numbers: "-1.5", "2.5", "0:1", "10.5 (1-0)"."""
    number = line.split(" ")[0].split(":")[0]
    try:
        return float(number), line
    except ValueError:
        return 0.0, line


def _books(
    outcomes: list[tuple[tuple[str, str, str], list[Bet]]], lines: Lines, vouching: MarketVouching
) -> dict[str, Book]:
    """The book at each base line."""
    at_lines: dict[str, dict[tuple[str, str, str], list[Bet]]] = defaultdict(dict)
    for key, members in outcomes:
        at_lines[lines.of(members[0])][key] = members
    return {line: book_of(members, vouching) for line, members in at_lines.items()}


def _cells(reading: Reading, bets: Sequence[Bet], vouching: MarketVouching, display: Display) -> list[PriceCell]:
    """A cell for each bookmaker; the best is marked, and a settlement that was taken back is shown."""
    cells = []
    for bet in bets:
        cell = price_cell(bet, reading.providers.get(bet.provider_id, ""), vouching, display.odds)
        key = bet.fixture_id, bet.market_id, bet.provider_id, bet.bet_id
        others = [how for how in reading.settlements.get(key, ()) if how != (bet.settlement or 0)]
        if others and (before := others[-1]):
            cell = cell.with_note(gettext("Settlement withdrawn; it was: %(was)s") % {"was": settlement_label(before)})
        cells.append(cell)
    return mark_best(cells)


def _closed(rows: Sequence[GridRow]) -> str:
    """Why nothing of the market is open, in the words of most bets that are not settled; "" where something is."""
    cells = [cell for row in rows for cell in row.cells if cell is not None]
    if not cells or any(cell.state is PriceState.OPEN for cell in cells):
        return ""
    notes = [cell.note for cell in cells if cell.state is not PriceState.SETTLED]
    return max(set(notes), key=lambda note: (notes.count(note), note), default=gettext(WORDS[Reason.BET_SETTLED]))
