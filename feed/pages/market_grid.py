"""A market as a grid: rows are outcomes and lines, columns are bookmakers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from feed.models import Bet, Market

from .book import Book, book_of
from .labels import settlement_label
from .look import DECIMAL, Look
from .odds import odds_text
from .prices import PriceCell, PriceState, mark_best, price_cell
from .provider import provider_name
from .reading import Reading
from .vouching import Vouching

#: The order in which a person expects outcomes; others follow by name.
OUTCOME_ORDER = {
    name: place for place, name in enumerate(("1", "1X", "X", "12", "X2", "2", "Over", "Under", "Yes", "No"))
}


@dataclass(frozen=True, slots=True)
class GridRow:
    """An outcome at a line; `cells` has one entry for each column, None where a bookmaker has no such bet.

    `fair` is the price without the bookmakers' margin, "" where it cannot be told; `starts_line` is true in the first
    row of a base line.
    """

    name: str
    line: str
    player: str
    is_main: bool
    starts_line: bool
    fair: str
    cells: tuple[PriceCell | None, ...]


@dataclass(frozen=True, slots=True)
class MarketGrid:
    """A market with its bookmakers' names as columns, and the margin that each takes at the main line.

    `stays` says that the first column stays in view.
    """

    fixture_id: int
    market_id: int
    version: str
    name: str
    main_line: str
    columns: tuple[tuple[int, str], ...]
    rows: tuple[GridRow, ...]
    margins: tuple[str, ...]
    suspended: str
    stays: bool


def market_version(market: Market, vouching: Vouching) -> str:
    """Differs when the market, one of its bets or the vouching of a source does."""
    return f"{market.revision}.{vouching.signature}"


def market_grid(reading: Reading, market: Market, vouching: Vouching, look: Look = DECIMAL) -> MarketGrid:
    """The grid of a market's bets as read."""
    bets = reading.bets.get((market.fixture_id, market.market_id), [])
    columns = look.columns({bet.provider_id for bet in bets})
    outcomes = _by_outcome(bets, market)
    books = _books(outcomes, vouching)
    rows, line = [], None
    for (name, own_line, player), members in outcomes:
        base = base_line(members[0])
        fair = books[base].fair.get((name, own_line, player))
        by_provider = {cell.provider_id: cell for cell in _cells(reading, members, vouching, look)}
        row = GridRow(
            name=name,
            line=own_line,
            player=player,
            is_main=bool(market.main_line) and base == market.main_line,
            starts_line=base != line,
            fair=odds_text(fair, look.odds) if fair else "",
            cells=tuple(by_provider.get(pk) for pk in columns),
        )
        rows.append(row)
        line = base
    margins = books[base_line(outcomes[0][1][0])].margins if outcomes else {}
    return MarketGrid(
        fixture_id=market.fixture_id,
        market_id=market.market_id,
        version=market_version(market, vouching),
        name=market.name,
        main_line=market.main_line,
        columns=tuple((pk, provider_name(pk, reading.providers.get(pk))) for pk in columns),
        rows=tuple(rows),
        margins=tuple(f"{margins[pk]:.1%}" if pk in margins else "" for pk in columns) if margins else (),
        suspended=_suspended(rows),
        stays=bool(columns) and columns[0] == look.staying,
    )


def base_line(bet: Bet) -> str:
    return bet.base_line or bet.line


def _by_outcome(bets: Sequence[Bet], market: Market) -> list[tuple[tuple[str, str, str], list[Bet]]]:
    """Bets of the same outcome and line together: the main line's first, then by base line, line and outcome."""
    rows: dict[tuple[str, str, str], list[Bet]] = defaultdict(list)
    for bet in bets:
        rows[bet.name, bet.line, bet.player_name].append(bet)

    def place(item: tuple[tuple[str, str, str], list[Bet]]) -> tuple[object, ...]:
        first = item[1][0]
        base = base_line(first)
        return (
            bool(market.main_line) and base != market.main_line,
            *line_order(base),
            first.player_name,
            first.order if first.order is not None else OUTCOME_ORDER.get(first.name, len(OUTCOME_ORDER)),
            *line_order(first.line),
            first.name,
        )

    return sorted(rows.items(), key=place)


def line_order(line: str) -> tuple[float, str]:
    """Sorts lines as numbers where they are numbers: "-1.5", "2.5", "0:1", "10.5 (1-0)"."""
    number = line.split(" ")[0].split(":")[0]
    try:
        return float(number), line
    except ValueError:
        return 0.0, line


def _books(outcomes: list[tuple[tuple[str, str, str], list[Bet]]], vouching: Vouching) -> dict[str, Book]:
    """The book at each base line."""
    lines: dict[str, dict[tuple[str, str, str], list[Bet]]] = defaultdict(dict)
    for key, members in outcomes:
        lines[base_line(members[0])][key] = members
    return {line: book_of(members, vouching.up) for line, members in lines.items()}


def _cells(reading: Reading, bets: Sequence[Bet], vouching: Vouching, look: Look) -> list[PriceCell]:
    """A cell for each bookmaker, the best marked, a settlement that was taken back told."""
    cells = []
    for bet in bets:
        cell = price_cell(bet, reading.providers.get(bet.provider_id, ""), vouching.up, look.odds)
        key = bet.fixture_id, bet.market_id, bet.provider_id, bet.bet_id
        others = [how for how in reading.settlements.get(key, ()) if how != (bet.settlement or 0)]
        if others and (before := others[-1]):
            cell = cell.with_note(gettext("Settlement taken back, was: %(was)s") % {"was": settlement_label(before)})
        cells.append(cell)
    return mark_best(cells)


def _suspended(rows: Sequence[GridRow]) -> str:
    """Why the whole market is suspended, in the words of most of its bets; "" where something is not."""
    cells = [cell for row in rows for cell in row.cells if cell is not None]
    if not cells or any(cell.state is not PriceState.SUSPENDED for cell in cells):
        return ""
    notes = [cell.note for cell in cells]
    return max(set(notes), key=lambda note: (notes.count(note), note))
