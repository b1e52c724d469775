"""What everything that can be bet on has in common: a match, a race, a season."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

from feed.codes import FixtureStatus

from .bookmakers import Opinion
from .card import Card


class Topic(StrEnum):
    """What a line of news is about, by Hyper Livescore's names of kinds (docs/protocol.md, Hyper incidents)."""

    SCORE = "Score"
    PERIOD = "Period"
    STATISTIC = "Statistic"
    VAR = "VAR"
    TIMER = "Timer"
    POSSESSION = "Possession"
    DESCRIPTION = "Status Description"
    STATUS = "Fixture Status"


@dataclass(slots=True, kw_only=True)
class News:
    """One thing that happened. `values` are (home, away) in the period; `finished` and `cancelled` say which way."""

    topic: Topic
    name: str
    period: int = -1
    seconds: int = -1
    position: int | None = None
    values: tuple[int, int] | None = None
    player: tuple[int, str] | None = None
    finished: bool = False
    cancelled: bool = False


@dataclass(kw_only=True)
class Contest:
    """`over` is a result; `void` an end without one, which returns what is still staked.

    `now` is set by whoever lets time pass, in milliseconds since 1970; it only dates the news.
    """

    card: Card
    rng: Random
    status: int = FixtureStatus.NOT_STARTED
    over: bool = False
    void: bool = False
    covered: bool = True
    now: int = 0
    news: list[News] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return self.over or self.void

    def prepare(self, seconds: float) -> Iterator[float]:
        """The time before the last minutes before the start."""
        yield seconds

    def play(self) -> Iterator[float]:
        """Play from the start to the result; each value is the seconds until the next thing happens."""
        raise NotImplementedError

    def outlook(self, opinion: Opinion) -> Any:
        """The chances for the rest of the contest, with strengths as `opinion` sees them: what its markets need."""
        raise NotImplementedError

    def pass_time(self, seconds: float) -> None:
        """Let `seconds` of play go by."""

    def correct_clock(self) -> None:
        """Correct a clock that was wrong: it goes back (docs/protocol.md, Corrections)."""

    def confirm(self) -> None:
        """LSports has validated the result."""

    def recall(self) -> None:
        """After the end: what was missing from the reports is added."""

    def tell(self, topic: Topic, name: str, **details: Any) -> None:
        self.news.append(News(topic=topic, name=name, **details))

    def set_status(self, status: FixtureStatus) -> None:
        self.status = status
        self.tell(Topic.STATUS, spoken(status.name))

    def end_without_result(self, status: FixtureStatus) -> None:
        self.void = True
        self.set_status(status)


def spoken(name: str) -> str:
    return name.replace("_", " ").title()
