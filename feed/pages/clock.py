"""The clock of a scoreboard, as a browser can tick it: the server says where it stood and when, and if it runs."""

from dataclasses import dataclass
from datetime import datetime

from feed.codes import FixtureStatus, SportId
from feed.models import Scoreboard

BREAK_TIME = 80
#: Sports whose clock is known to count up. Basketball and others may count either way (seed 002), so those stand still
#: between messages rather than run the wrong way.
COUNTS_UP = frozenset({SportId.FOOTBALL, SportId.HANDBALL, SportId.FUTSAL, SportId.RUGBY_UNION, SportId.RUGBY_LEAGUE})


@dataclass(frozen=True, slots=True)
class Clock:
    """`seconds` on the clock at `at` (epoch milliseconds); `runs` while the browser may count on from there."""

    seconds: int
    at: int
    runs: bool

    @property
    def text(self) -> str:
        return clock_text(self.seconds)


def clock_text(seconds: int) -> str:
    """As clocks show it: "4:13"."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def clock_of(scoreboard: Scoreboard, sport_id: int | None) -> Clock | None:
    """The clock, or None where there is none (tennis, penalties: time -1 or absent)."""
    seconds = scoreboard.clock_seconds if scoreboard.clock_seconds is not None else scoreboard.time
    if seconds is None or seconds < 0 or scoreboard.status in (FixtureStatus.NOT_STARTED, FixtureStatus.ABOUT_TO_START):
        return None
    return Clock(seconds, epoch_ms(scoreboard.sent_at or scoreboard.received_at), runs(scoreboard, sport_id))


def runs(scoreboard: Scoreboard, sport_id: int | None) -> bool:
    """True where play goes on and the direction is known; LSports' own clock status decides where it sends one."""
    if scoreboard.status != FixtureStatus.IN_PROGRESS or sport_id not in COUNTS_UP:
        return False
    if scoreboard.clock_status is not None:
        return scoreboard.clock_status == 1
    return scoreboard.current_period != BREAK_TIME


def epoch_ms(moment: datetime) -> int:
    """Whole milliseconds since 1970, for a browser."""
    return int(moment.timestamp() * 1000)
