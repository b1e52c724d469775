"""A match while it is played: everything the livescore of LSports tells, as plain numbers.

A sport's `play` changes a match only through the verbs below. Each verb leaves a line in `news`, from which the
supplier knows what to send. Rules that always hold: a period's score is the sum of its scoring incidents (where the
sport tells incidents), and the scoreboard is the sum of the periods or, in set sports, the number of sets won.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from feed.codes import ClockStatus, Confirmation, FixtureStatus, PeriodType

from .contest import Contest, Topic, spoken
from .numbers import Description, Happening

HOME, AWAY = 1, 2
NO_CLOCK = -1
#: How often a scorer's name is not known at first.
UNNAMED = 0.1


@dataclass(slots=True, kw_only=True)
class Incident:
    """`values` is the score (or the statistic) after it; `change` who leaves the field, and who comes on."""

    period: int
    type: int
    seconds: int
    position: int
    values: tuple[int, int]
    player: tuple[int, str] | None = None
    change: tuple[tuple[int, str], tuple[int, str]] | None = None


@dataclass(slots=True)
class Period:
    """`texts` say the values where numbers do not: 40 and A in a game of tennis. `parts` are the periods within it."""

    type: int
    values: list[int] = field(default_factory=lambda: [0, 0])
    texts: tuple[str, str] | None = None
    finished: bool = False
    confirmed: bool = False
    incidents: list[Incident] = field(default_factory=list)
    parts: list["Period"] = field(default_factory=list)


@dataclass(slots=True)
class Statistic:
    """Counted over the whole match."""

    type: int
    values: list[int] = field(default_factory=lambda: [0, 0])
    incidents: list[Incident] = field(default_factory=list)


@dataclass(slots=True)
class Current:
    """The latest score, and whether it stands; `at` is in milliseconds since 1970."""

    kind: int
    confirmation: int
    at: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A score as it was made, so that it can be taken back."""

    position: int
    points: int
    period: int
    counted: int | None
    player: tuple[int, str] | None = None


@dataclass(kw_only=True)
class Match(Contest):
    """A match of two; each sport subclasses it.

    `skill` is the home side's and the away side's strength in the sport's own unit (goals a match, points won).
    `danger` is how near a goal is, and since when; `tallies` are what each player did, by (position, id, name).
    """

    tells_incidents: ClassVar[bool] = True
    counts_sets: ClassVar[bool] = False
    clock_runs_down: ClassVar[bool] = False

    skill: tuple[float, float]
    description: int = Description.NONE
    current: int = PeriodType.NOT_STARTED
    clock: float = NO_CLOCK
    clock_status: int = ClockStatus.STOPPED
    began: float = 0.0
    score: list[int] = field(default_factory=lambda: [0, 0])
    periods: dict[int, Period] = field(default_factory=dict)
    statistics: dict[int, Statistic] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    latest: Current | None = None
    danger: tuple[int, int] | None = None
    tallies: dict[tuple[int, int, str], dict[int, int]] = field(default_factory=dict)

    @property
    def shown_description(self) -> int:
        """Lost coverage hides whatever else is going on."""
        return Description.LOST_COVERAGE if self.status == FixtureStatus.LOST_COVERAGE else self.description

    def tell(self, topic: Topic, name: str, **details: Any) -> None:
        super().tell(topic, name, period=int(self.current), seconds=int(self.clock), **details)

    def pass_time(self, seconds: float) -> None:
        """The clock moves while it runs; down in sports that count down, never below 0."""
        if self.clock_status == ClockStatus.RUNNING and self.clock != NO_CLOCK:
            self.clock = max(0.0, self.clock + (-seconds if self.clock_runs_down else seconds))

    def correct_clock(self) -> None:
        if self.clock_status == ClockStatus.RUNNING:
            back = self.rng.uniform(20, 60)
            if self.clock_runs_down:
                self.clock = min(self.began, self.clock + back)
            else:
                self.clock = max(self.began, self.clock - back)
            self.tell(Topic.TIMER, "Clock Corrected")

    def begin(self, period: int, *, clock: float | None = None) -> None:
        """A period begins at 0-0; with `clock` its clock starts to run from there."""
        self.current, self.description = period, Description.NONE
        self.periods.setdefault(period, Period(period))
        if clock is not None:
            self.clock, self.clock_status, self.began = clock, ClockStatus.RUNNING, clock
        self.tell(Topic.PERIOD, "Period", values=(0, 0))

    def finish(self, period: int, *, clock: float | None = None) -> None:
        """A period ends; its score is confirmed later, by `confirm`."""
        self.let_stand()
        played = self.periods[period]
        played.finished, self.clock_status = True, ClockStatus.STOPPED
        if clock is not None:
            self.clock = clock
        self.tell(Topic.PERIOD, "Period", values=(played.values[0], played.values[1]), finished=True)

    def let_stand(self) -> None:
        """The latest score counts: play has gone on."""
        if self.latest is not None and self.latest.confirmation == Confirmation.TO_BE_DECIDED:
            self.latest = Current(self.latest.kind, Confirmation.CONFIRMED, self.now)

    def confirm(self) -> None:
        """LSports has validated the finished periods."""
        for period in self.periods.values():
            period.confirmed = period.finished
        self.tell(Topic.TIMER, "Confirmed")

    def rest(self, description: Description, *, clock: float | None = None) -> None:
        """A break, period 80, with its kind in the description (docs/protocol.md, Periods)."""
        self.current, self.clock_status = PeriodType.BREAK, ClockStatus.STOPPED
        if clock is not None:
            self.clock = clock
        self.describe(description)

    def describe(self, description: Description) -> None:
        self.description = description
        self.tell(Topic.DESCRIPTION, spoken(description.name))

    def add(
        self,
        position: int,
        points: int = 1,
        *,
        kind: int = Happening.SCORE,
        player: tuple[int, str] | None = None,
        counted: Happening | None = None,
    ) -> None:
        """A side scores in the current period; with `counted` a statistic grows with it."""
        period = self.periods[self.current]
        period.values[position - 1] += points
        if not self.counts_sets:
            self.score[position - 1] += points
        self.marks.append(Mark(position, points, period.type, counted, player))
        if counted is not None:
            self.count(counted, position)
        if self.tells_incidents:
            self.latest = Current(kind, Confirmation.TO_BE_DECIDED, self.now)
            self._tally(position, player, Happening.SCORE, points)
            named = player if self.rng.random() >= UNNAMED else None
            period.incidents.append(self._incident(kind, position, self.score, named))
        home, away = period.values
        self.tell(Topic.SCORE, "Score", position=position, values=(home, away), player=player)

    def take_back(self) -> bool:
        """The last score did not count after all; false where the period it fell in is no longer played."""
        if not self.marks or self.marks[-1].period != self.current:
            return False
        mark = self.marks.pop()
        period = self.periods[mark.period]
        period.values[mark.position - 1] -= mark.points
        if not self.counts_sets:
            self.score[mark.position - 1] -= mark.points
        if mark.counted is not None:
            self.statistics[mark.counted].values[mark.position - 1] -= 1
        if self.tells_incidents:
            period.incidents.pop()
            self.latest = Current(Happening.SCORE, Confirmation.CANCELLED, self.now)
            self._tally(mark.position, mark.player, Happening.SCORE, -mark.points)
        home, away = period.values
        self.tell(Topic.SCORE, "Score", position=mark.position, values=(home, away), cancelled=True)
        return True

    def count(
        self,
        kind: Happening,
        position: int,
        by: int = 1,
        *,
        player: tuple[int, str] | None = None,
        is_incident: bool = False,
    ) -> None:
        """A statistic grows; an incident also says when and by whom."""
        statistic = self.statistics.setdefault(kind, Statistic(kind))
        statistic.values[position - 1] += by
        if is_incident:
            self._tally(position, player, kind, by)
            statistic.incidents.append(self._incident(kind, position, statistic.values, player))
        home, away = statistic.values
        self.tell(Topic.STATISTIC, spoken(kind.name), position=position, values=(home, away), player=player)

    def _tally(self, position: int, player: tuple[int, str] | None, kind: int, by: int) -> None:
        if player is not None:
            done = self.tallies.setdefault((position, *player), {})
            done[kind] = done.get(kind, 0) + by

    def _incident(self, kind: int, position: int, values: list[int], player: tuple[int, str] | None) -> Incident:
        return Incident(
            period=self.current,
            type=kind,
            seconds=int(self.clock),
            position=position,
            values=(values[0], values[1]),
            player=player,
        )

    def end(self, final: int, *, clock: float | None = None) -> None:
        """The match is over: a last period (100, 101 or 102) with the whole score, not yet confirmed."""
        self.current, self.clock_status, self.over = final, ClockStatus.STOPPED, True
        if clock is not None:
            self.clock = clock
        self.periods[final] = Period(final, list(self.score), finished=True)
        self.set_status(FixtureStatus.FINISHED)

    def retire(self, position: int) -> None:
        """A player gives up: finished, and why in the description; what is undecided is void."""
        self.description = Description.HOME_RETIRED if position == HOME else Description.AWAY_RETIRED
        self.void = True
        self.set_status(FixtureStatus.FINISHED)

    def recall(self) -> None:
        for period in self.periods.values():
            for incident in period.incidents:
                if incident.player is None and self.card.sides[incident.position - 1].players:
                    incident.player = self.rng.choice(self.card.sides[incident.position - 1].players)
        self.tell(Topic.TIMER, "Recalled")

    def someone(self, position: int) -> tuple[int, str] | None:
        """A player of a side, where the side names any."""
        players = self.card.sides[position - 1].players
        return self.rng.choice(players) if players else None

    def stronger(self) -> int:
        """Either side, in proportion to their skill."""
        return HOME if self.rng.random() * sum(self.skill) < self.skill[0] else AWAY
