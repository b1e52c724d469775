"""What a manual suspension at LSports does to a fixture's bets, and its end."""

from collections.abc import Collection, Iterator

from .coverage import Coverage
from .outgoing import Outgoing
from .supplier import Supplier


def suspend(supplier: Supplier, coverage: Coverage, markets: Collection[int]) -> Iterator[Outgoing]:
    """Close these markets (none named: all) at every bookmaker, until they are resumed."""
    yield from switched(supplier, coverage, markets, is_held=True)


def resume(supplier: Supplier, coverage: Coverage, markets: Collection[int]) -> Iterator[Outgoing]:
    """Let these markets be quoted again."""
    yield from switched(supplier, coverage, markets, is_held=False)


def switched(supplier: Supplier, coverage: Coverage, markets: Collection[int], *, is_held: bool) -> Iterator[Outgoing]:
    offer, now = coverage.offer, supplier.now
    for dialect in supplier.dialects:
        dialect.post.now = now
    if is_held:
        yield from supplier.markets(coverage, offer.hold(markets, now))
        return
    offer.release(markets)
    if offer.is_open:
        yield from supplier.markets(coverage, offer.quote(offer.books, now))
