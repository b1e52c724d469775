"""How a score went: every scoreboard that differed in more than its clock, in the order in which they came."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from feed.models import JournalEntry

from .blobs import unpacked

Part = JournalEntry.Part


class Scores(NamedTuple):
    """A fixture's scoreboard was this from `at` on (LSports' word); `entry` is the id of the entry."""

    entry: int
    fixture_id: int
    at: datetime
    received_at: datetime
    status: int
    description: int | None
    current_period: int | None
    time: int | None
    scores: dict[str, str]

    @property
    def shown(self) -> tuple[Any, ...]:
        """What makes a new one: the clock alone does not."""
        return self.status, self.description, self.current_period, self.scores


class Board(msgspec.Struct, gc=False):
    """What a history shows of a scoreboard's row."""

    received_at: datetime
    sent_at: datetime | None = None
    status: int = 0
    description: int | None = None
    current_period: int | None = None
    time: int | None = None
    scores: dict[str, str] = {}


read_boards = msgspec.json.Decoder(tuple[msgspec.Raw, list[Board], list[Any]]).decode


def score_history(fixture_id: int) -> list[Scores]:
    """All scoreboards of a fixture."""
    entries = JournalEntry.objects.filter(fixture_id=fixture_id, part=Part.SCOREBOARD)
    return scores_of(columns_of(entries.order_by("revision")))


def columns_of(entries: Any) -> Any:
    """The columns of entries of which `scores_of` makes scoreboards."""
    return entries.values_list("id", "fixture_id", "blob")


def scores_of(rows: Iterable[tuple[int, int, Any]]) -> list[Scores]:
    """The scoreboards in entries."""
    last: dict[int, tuple[Any, ...]] = {}
    found = []
    for pk, fixture_id, stored in rows:
        for board in read_boards(unpacked(stored))[1]:
            shown = board.status, board.description, board.current_period, board.time, board.scores
            scores = Scores(pk, fixture_id, board.sent_at or board.received_at, board.received_at, *shown)
            if last.get(fixture_id) != scores.shown:
                last[fixture_id] = scores.shown
                found.append(scores)
    return found
