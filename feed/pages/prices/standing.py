"""How the fixtures of a list stand: score and clock, for lists that have no row of the board."""

from collections.abc import Collection
from datetime import datetime

from feed.codes import IN_PLAY
from feed.models import Scoreboard
from feed.pages.fixture.clock import clock_of, clock_text
from feed.pages.fixture.play import IN_BRIEF, phase_of


def standings(fixtures: Collection[int], now: datetime) -> dict[int, str]:
    """ "1:0 · 1H 34:12" of each that is in play, by its id: one query."""
    rows = Scoreboard.objects.filter(fixture_id__in=fixtures, fixture__status__in=IN_PLAY).select_related("fixture")
    return {board.fixture_id: standing_of(board, now) for board in rows}


def standing_of(board: Scoreboard, now: datetime) -> str:
    phase = phase_of(board.fixture, board, IN_BRIEF)
    clock = clock_of(board.fixture, board)
    if clock is None:
        return f"{board} · {phase}"
    gone = max(0, int(now.timestamp()) - clock.at // 1000) if clock.runs else 0
    return f"{board} · {phase} {clock_text(clock.seconds + gone)}"
