"""A board as it was at a moment.

It has the matches that begin from a day before the moment to a week after it, by their present times. Prices are there
of the markets that a board shows; a bookmaker's filter finds the matches in which it has one of those.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from feed.codes import MAIN_MARKETS
from feed.journal.entries import Key
from feed.journal.states import many_at
from feed.models import Fixture, JournalEntry

from .database import Rows, opened
from .rows import surroundings

Part = JournalEntry.Part
BEFORE, AFTER = timedelta(days=1), timedelta(days=7)
#: As many as that are read at most, of those that begin nearest to the moment.
MOST_FIXTURES = 2000
LISTED = (Part.FIXTURE, Part.PARTICIPANTS, Part.SCOREBOARD)
IN_ROWS = (Part.FIXTURE, Part.SCOREBOARD, Part.PERIODS, Part.INCIDENTS, Part.STATISTICS)


@contextmanager
def board_opened(
    moment: datetime, market_id: int | None = None, more: Collection[int] = (), *, has_prices: bool = False
) -> Iterator[Callable[[Collection[int]], None]]:
    """Inside, this thread reads the matches of a board as they were. Prices, periods and incidents are there of those
    fixtures whose ids were passed to the given function; with `has_prices` prices of all. `market_id`: a market that
    all of them have; `more`: markets whose prices are wanted, too.
    """
    markets = tuple(sorted({*MAIN_MARKETS, *more, *(() if market_id is None else (market_id,))}))
    listed = markets if has_prices else () if market_id is None else (market_id,)

    def read() -> Rows:
        rows = many_at(keys(candidates(moment), LISTED, listed), moment)
        return {**rows, **surroundings(rows[Fixture], moment)}

    with opened(moment, ("board", market_id, markets, has_prices), read) as past:
        yield lambda ids: past.need(ids, lambda missing: many_at(keys(missing, IN_ROWS, markets), moment))


def candidates(moment: datetime) -> list[int]:
    """The matches that may be on the board."""
    near = Fixture.objects.matches().filter(start_at__gte=moment - BEFORE, start_at__lt=moment + AFTER)
    return nearest(near.values_list("pk", "start_at"), moment)[:MOST_FIXTURES]


def nearest(starts: Iterable[tuple[int, datetime | None]], moment: datetime) -> list[int]:
    """The fixtures by how far from the moment they begin."""
    return [pk for pk, _ in sorted(starts, key=lambda row: abs((row[1] or moment) - moment))]


def keys(fixture_ids: Iterable[int], parts: Collection[Part], market_ids: Collection[int]) -> list[Key]:
    return [
        key
        for pk in sorted(fixture_ids)
        for key in (*(Key(pk, part) for part in parts), *(Key(pk, Part.MARKET, market) for market in market_ids))
    ]
