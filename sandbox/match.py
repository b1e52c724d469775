"""A match while it is played: everything the livescore of LSports tells, as plain numbers.

A sport's `play` changes a match only through the verbs below. Each verb leaves a line in `news`, from which the
supplier knows what to send. Rules that always hold: a period's score is the sum of its scoring incidents (where the
sport tells incidents), and the scoreboard is the sum of the periods or, in set sports, the number of sets won.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import ClassVar

from feed.codes import FixtureStatus

from .bookmakers import Opinion
from .card import Card
from .numbers import ClockStatus, Description, Happening, PeriodType
from .outlooks import Outlook

HOME, AWAY = 1, 2
NO_CLOCK = -1


class Topic(StrEnum):
    """What a line of news is about; the names of Hyper Livescore's incident kinds (protocol.md section 2)."""

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
    period: int
    seconds: int
    position: int | None = None
    values: tuple[int, int] | None = None
    player: tuple[int, str] | None = None
    finished: bool = False
    cancelled: bool = False


@dataclass(slots=True, kw_only=True)
class Incident:
    period: int
    type: int
    seconds: int
    position: int
    values: tuple[int, int]
    player: tuple[int, str] | None = None


@dataclass(slots=True)
class Period:
    type: int
    values: list[int] = field(default_factory=lambda: [0, 0])
    texts: tuple[str, str] | None = None
    finished: bool = False
    confirmed: bool = False
    incidents: list[Incident] = field(default_factory=list)


@dataclass(slots=True)
class Statistic:
    type: int
    values: list[int] = field(default_factory=lambda: [0, 0])
    incidents: list[Incident] = field(default_factory=list)


@dataclass(kw_only=True)
class Match:
    """A match of two; each sport subclasses it.

    `skill` is the home side's and the away side's strength in the sport's own unit (goals a match, points won).
    """

    tells_incidents: ClassVar[bool] = True
    counts_sets: ClassVar[bool] = False
    clock_runs_down: ClassVar[bool] = False

    card: Card
    rng: Random
    skill: tuple[float, float]
    status: int = FixtureStatus.NOT_STARTED
    description: int = Description.NONE
    current: int = PeriodType.NOT_STARTED
    clock: float = NO_CLOCK
    clock_status: int = ClockStatus.STOPPED
    score: list[int] = field(default_factory=lambda: [0, 0])
    periods: dict[int, Period] = field(default_factory=dict)
    statistics: dict[int, Statistic] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    scorers: list[int] = field(default_factory=list)
    retired: int | None = None
    over: bool = False
    news: list[News] = field(default_factory=list)

    def play(self) -> Iterator[float]:
        """From the first whistle to the last; each value is the seconds until the next thing happens."""
        raise NotImplementedError

    def outlook(self, opinion: Opinion) -> Outlook:
        """How the rest may go, for one who sees both sides' strength as `opinion` does."""
        raise NotImplementedError

    def tell(self, topic: Topic, name: str, **details: object) -> None:
        self.news.append(
            News(topic=topic, name=name, period=self.current, seconds=int(self.clock), **details)  # type: ignore[arg-type]
        )

    def pass_time(self, seconds: float) -> None:
        """The clock moves while it runs; down in sports that count down, never below 0."""
        if self.clock_status == ClockStatus.RUNNING and self.clock != NO_CLOCK:
            self.clock = max(0.0, self.clock + (-seconds if self.clock_runs_down else seconds))

    def set_status(self, status: FixtureStatus, description: int = Description.NONE) -> None:
        self.status, self.description = status, description
        self.tell(Topic.STATUS, status.name.replace("_", " ").title())

    def describe(self, description: Description) -> None:
        self.description = description
        self.tell(Topic.DESCRIPTION, description.name.replace("_", " ").title())

    def begin(self, period: int, *, clock: float | None = None) -> None:
        """A period begins at 0-0; with `clock` its clock starts to run from there."""
        self.current, self.description = period, Description.NONE
        self.periods.setdefault(period, Period(period))
        if clock is not None:
            self.clock, self.clock_status = clock, ClockStatus.RUNNING
        self.tell(Topic.PERIOD, "Period", values=(0, 0))

    def finish(self, period: int) -> None:
        """A period ends; its score is confirmed later, by `confirm`."""
        played = self.periods[period]
        played.finished, self.clock_status = True, ClockStatus.STOPPED
        self.tell(Topic.PERIOD, "Period", values=tuple(played.values), finished=True)

    def confirm(self) -> None:
        """LSports has validated the finished periods."""
        for period in self.periods.values():
            period.confirmed = period.finished
        self.tell(Topic.TIMER, "Confirmed")

    def rest(self, description: Description, *, clock: float | None = None) -> None:
        """A break, period 80, with its kind in the description (seed 002)."""
        self.current, self.description, self.clock_status = PeriodType.BREAK, description, ClockStatus.STOPPED
        if clock is not None:
            self.clock = clock
        self.tell(Topic.DESCRIPTION, description.name.replace("_", " ").title())

    def add(
        self,
        position: int,
        points: int = 1,
        *,
        type: int = Happening.SCORE,
        player: tuple[int, str] | None = None,
    ) -> None:
        """A side scores in the current period."""
        period = self.periods[self.current]
        period.values[position - 1] += points
        if not self.counts_sets:
            self.score[position - 1] += points
            self.scorers.append(position)
        if self.tells_incidents:
            values = (self.score[0], self.score[1])
            period.incidents.append(
                Incident(
                    period=period.type,
                    type=type,
                    seconds=int(self.clock),
                    position=position,
                    values=values,
                    player=player,
                )
            )
        home, away = period.values
        self.tell(Topic.SCORE, "Score", position=position, values=(home, away), player=player)

    def take_back(self) -> Incident | None:
        """The last score of the current period did not count after all; None where there is none to take back."""
        period = self.periods.get(self.current)
        if period is None or period.finished or not period.incidents:
            return None
        gone = period.incidents.pop()
        before = period.incidents[-1].values if period.incidents else self._score_before(period)
        for side in (0, 1):
            period.values[side] -= gone.values[side] - before[side]
            self.score[side] = before[side]
        self.scorers.pop()
        home, away = period.values
        self.tell(Topic.SCORE, "Score", position=gone.position, values=(home, away), player=gone.player, cancelled=True)
        return gone

    def _score_before(self, period: Period) -> tuple[int, int]:
        return self.score[0] - period.values[0], self.score[1] - period.values[1]

    def count(
        self,
        type: int,
        position: int,
        by: int = 1,
        *,
        player: tuple[int, str] | None = None,
        incident: bool = False,
    ) -> None:
        """A statistic grows; with `incident` it also says when and by whom."""
        statistic = self.statistics.setdefault(type, Statistic(type))
        statistic.values[position - 1] += by
        values = (statistic.values[0], statistic.values[1])
        if incident:
            statistic.incidents.append(
                Incident(
                    period=self.current,
                    type=type,
                    seconds=int(self.clock),
                    position=position,
                    values=values,
                    player=player,
                )
            )
        self.tell(Topic.STATISTIC, Happening(type).name.replace("_", " ").title(), position=position, values=values)

    def end(self, final: int, *, clock: float | None = None) -> None:
        """The match is over: a last period (100, 101 or 102) with the whole score, not yet confirmed."""
        self.current, self.clock_status, self.over = final, ClockStatus.STOPPED, True
        if clock is not None:
            self.clock = clock
        self.periods[final] = Period(final, list(self.score), finished=True)
        self.set_status(FixtureStatus.FINISHED)
