"""Which status counts where a message states two different ones, in its description and in its scoreboard."""

from datetime import datetime
from typing import NamedTuple

from feed.codes import FixtureStatus, status_stated
from feed.store.arrival import Origin
from feed.store.rows.fixture_rows import FixtureRows
from feed.store.rows.structs import ScoreboardRow
from feed.vouching.predicate import OVER, PLAYABLE
from feed.wire.messages import Event, Fixture, Scoreboard

from .apply.fixtures import FROM_DESCRIPTION, FROM_SCOREBOARD, state_status


class Stated(NamedTuple):
    """What was stated before a message: the fixture's status and when, and the scoreboard's own."""

    status: int
    at: datetime | None
    by_scoreboard: int | None

    @classmethod
    def of(cls, rows: FixtureRows) -> "Stated":
        scoreboard = rows.play.scoreboard
        return cls(rows.fixture.status, rows.fixture.status_at, scoreboard_status(scoreboard) if scoreboard else None)


def scoreboard_status(scoreboard: Scoreboard | ScoreboardRow) -> int:
    return status_stated(scoreboard.status, scoreboard.description, scoreboard.current_period)


def agree_on_status(rows: FixtureRows, event: Event, origin: Origin, before: Stated) -> None:
    """Where a message, for example of a snapshot, states two different statuses, take the newer one.

    A statement that only repeats what was known is older than one that says something else; where both are new,
    nothing tells which came first, and the one that closes more counts.
    """
    described, scoreboard = event.fixture, event.livescore.scoreboard if event.livescore is not None else None
    if described is None or not described.status or scoreboard is None or rows.fixture.status_at != origin.sent_at:
        return
    by_scoreboard = scoreboard_status(scoreboard)
    if by_scoreboard == FixtureStatus.NOT_SET or described.status in (by_scoreboard, scoreboard.status):
        return
    if is_description_newer(described, by_scoreboard, origin, before):
        state_status(rows, described.status, origin, FROM_DESCRIPTION)
    else:
        state_status(rows, by_scoreboard, origin, FROM_SCOREBOARD)


def is_description_newer(described: Fixture, by_scoreboard: int, origin: Origin, before: Stated) -> bool:
    status = described.status or 0
    if by_scoreboard != before.by_scoreboard:
        return closes_more(status, by_scoreboard)
    if before.status in (status, by_scoreboard):
        is_stated_anew = before.at is None or origin.trusted(described.last_update) > before.at
        return before.status == status or is_stated_anew
    return True


def closes_more(status: int, other: int) -> bool:
    return weight(status) > weight(other)


def in_order(events: list[Event]) -> list[Event]:
    """The events of a message, of a fixture that has several the one whose status closes most at the end."""
    if len({event.fixture_id for event in events}) == len(events):
        return events
    return sorted(events, key=lambda event: max(map(weight, stated(event)), default=0))


def stated(event: Event) -> list[int]:
    """The statuses that an event states."""
    scoreboard = event.livescore.scoreboard if event.livescore is not None else None
    described = [] if event.fixture is None or event.fixture.status is None else [event.fixture.status]
    return described if scoreboard is None else [*described, scoreboard_status(scoreboard)]


def weight(status: int) -> int:
    """How much of a fixture is closed: nothing, for a while, for good."""
    return 0 if status in PLAYABLE else 2 if status in OVER else 1
