"""A market as a grid: rows are outcomes and lines, columns are bookmakers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from feed.models import Bet, Market

from .prices import PriceCell, mark_best, price_cell
from .reading import Reading
from .vouching import Vouching

#: The order in which a person expects outcomes; others follow by name.
OUTCOME_ORDER = {
    name: place for place, name in enumerate(("1", "1X", "X", "12", "X2", "2", "Over", "Under", "Yes", "No"))
}


@dataclass(frozen=True, slots=True)
class GridRow:
    """An outcome at a line; `cells` has one entry for each column, None where a bookmaker has no such bet."""

    name: str
    line: str
    is_main: bool
    cells: tuple[PriceCell | None, ...]


@dataclass(frozen=True, slots=True)
class MarketGrid:
    """A market with its bookmakers' names as columns."""

    fixture_id: int
    market_id: int
    version: str
    name: str
    main_line: str
    columns: tuple[tuple[int, str], ...]
    rows: tuple[GridRow, ...]
    is_suspended: bool


def market_version(market: Market, vouching: Vouching) -> str:
    """Differs when the market, one of its bets or the vouching of a source does."""
    return f"{market.revision}.{vouching.signature}"


def market_grid(reading: Reading, market: Market, vouching: Vouching) -> MarketGrid:
    """The grid of a market's bets as read."""
    bets = reading.bets.get((market.fixture_id, market.market_id), [])
    providers = sorted({bet.provider_id for bet in bets})
    rows = tuple(_row(key, members, providers, market, reading, vouching) for key, members in _by_outcome(bets, market))
    cells = [cell for row in rows for cell in row.cells if cell is not None]
    return MarketGrid(
        fixture_id=market.fixture_id,
        market_id=market.market_id,
        version=market_version(market, vouching),
        name=market.name,
        main_line=market.main_line,
        columns=tuple((pk, reading.providers.get(pk) or f"Provider {pk}") for pk in providers),
        rows=rows,
        is_suspended=bool(cells) and all(cell.state == "suspended" for cell in cells),
    )


def _by_outcome(bets: Sequence[Bet], market: Market) -> list[tuple[tuple[str, str], list[Bet]]]:
    """Bets of the same outcome and line together: the main line's first, then by base line, line and outcome."""
    rows: dict[tuple[str, str], list[Bet]] = defaultdict(list)
    for bet in bets:
        rows[bet.name, bet.line].append(bet)

    def place(item: tuple[tuple[str, str], list[Bet]]) -> tuple[object, ...]:
        first = item[1][0]
        base = first.base_line or first.line
        return (
            bool(market.main_line) and base != market.main_line,
            *line_order(base),
            *line_order(first.line),
            first.order if first.order is not None else OUTCOME_ORDER.get(first.name, len(OUTCOME_ORDER)),
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


def _row(
    key: tuple[str, str],
    bets: Sequence[Bet],
    providers: Sequence[int],
    market: Market,
    reading: Reading,
    vouching: Vouching,
) -> GridRow:
    up = vouching.up
    cells = mark_best(price_cell(bet, reading.providers.get(bet.provider_id, ""), up) for bet in bets)
    by_provider = {cell.provider_id: cell for cell in cells}
    base = bets[0].base_line or bets[0].line
    return GridRow(
        name=key[0],
        line=key[1],
        is_main=bool(market.main_line) and base == market.main_line,
        cells=tuple(by_provider.get(pk) for pk in providers),
    )
