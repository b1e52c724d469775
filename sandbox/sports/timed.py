"""Goal sports against the clock: football, ice hockey, handball. Periods of a length, happenings at a rate."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from feed.codes import DangerStatus, PeriodType
from sandbox.bookmakers import Opinion
from sandbox.markets import Stretch
from sandbox.match import Match
from sandbox.numbers import Description, Happening
from sandbox.outlooks import Outlook
from sandbox.outlooks.goals import GoalsOutlook, Left

#: Seconds within which the clock is sent again.
LONGEST_SILENCE = 30.0


@dataclass(kw_only=True)
class TimedMatch(Match):
    """The clock rises through the whole match. Happenings come as a Poisson process over the time that is played."""

    halves: ClassVar[tuple[int, ...]]
    seconds: ClassVar[float]
    rests: ClassVar[tuple[tuple[Description, float], ...]]
    #: How often in a match, both sides together.
    rates: ClassVar[Mapping[Happening, float]]
    incidents: ClassVar[frozenset[Happening]] = frozenset()
    #: By how much a statistic grows, where that is not 1.
    amounts: ClassVar[Mapping[Happening, int]] = {}
    stretches: ClassVar[tuple[Stretch, ...]]
    decides_draws: ClassVar[bool] = False
    #: The share of goals that the referee takes back.
    taken_back: ClassVar[float] = 0.04

    @property
    def length(self) -> float:
        """Seconds of one period."""
        minutes = self.card.league.minutes
        return self.seconds if minutes is None else minutes * 60 / len(self.halves)

    @property
    def whole(self) -> float:
        return self.length * len(self.halves)

    def play(self) -> Iterator[float]:
        for number, period in enumerate(self.halves):
            begins = number * self.length
            yield from self.play_period(period, begins, begins + self.length)
            if number < len(self.rests):
                description, seconds = self.rests[number]
                self.rest(description, clock=begins + self.length)
                yield min(seconds, self.length / 3)
                self.confirm()
        yield from self.finish_match()

    def finish_match(self) -> Iterator[float]:
        """What follows the last period: a sport that does not allow draws plays on here."""
        yield 3.0
        self.end(PeriodType.FULL_TIME, clock=self.whole)

    def added_time(self) -> float:
        """Seconds that the referee lets a period run on."""
        return 0.0

    def usual_added_time(self) -> float:
        """The average of that."""
        return 0.0

    def play_period(self, period: int, begins: float, ends: float) -> Iterator[float]:
        self.begin(period, clock=begins)
        stops = ends + self.added_time()
        while self.clock < stops:
            wait = self.rng.expovariate(self.tempo())
            yield min(wait, LONGEST_SILENCE, stops - self.clock + 0.01)
            if wait < LONGEST_SILENCE and self.clock < stops:
                yield from self.something_happens()
        self.finish(period, clock=ends if stops == ends else None)
        yield 5.0

    def tempo(self) -> float:
        """Happenings each second."""
        seconds = self.whole + len(self.halves) * self.usual_added_time()
        return (sum(self.rates.values()) + self.goals()) / seconds

    def goals(self) -> float:
        """How many there are in a match before some are taken back."""
        return sum(self.skill) / (1 - self.taken_back)

    def something_happens(self) -> Iterator[float]:
        goals = self.goals()
        if self.rng.random() * (goals + sum(self.rates.values())) < goals:
            yield from self.goal()
            return
        self.let_stand()
        happening = self.rng.choices(list(self.rates), list(self.rates.values()))[0]
        position = self.stronger()
        is_incident = happening in self.incidents
        if Happening.DANGEROUS_ATTACKS in self.rates:
            near = happening is Happening.DANGEROUS_ATTACKS
            self.danger = (DangerStatus.DANGER if near else DangerStatus.SAFE), self.now
        amount = self.amounts.get(happening, 1)
        self.count(
            happening, position, amount, player=self.someone(position) if is_incident else None, is_incident=is_incident
        )

    def goal(self) -> Iterator[float]:
        position = self.stronger()
        self.add(position, player=self.someone(position))
        if self.rng.random() < self.taken_back:
            yield self.rng.uniform(10, 60)
            self.take_back()

    def outlook(self, opinion: Opinion) -> Outlook:
        left = {period: self.left_of(period, number) for number, period in enumerate(self.halves)}
        stretches = {}
        for stretch in self.stretches:
            share = sum(left.get(period, 0.0) for period in stretch.periods)
            plays_off = self.decides_draws and stretch.closes is None
            stretches[stretch.name] = Left(stretch.tally(self), share, share, plays_off)
        rates = self.skill[0] * opinion.home, self.skill[1] * opinion.away
        return self.model(rates, stretches, sum(left.values()))

    def model(self, rates: tuple[float, float], stretches: Mapping[str, Left], left: float) -> Outlook:
        return GoalsOutlook(rates, stretches, left)

    def left_of(self, period: int, number: int) -> float:
        """The share of the match that is still to be played in a period; half a minute of it until it is finished."""
        if period not in self.periods:
            return 1 / len(self.halves)
        if self.periods[period].finished:
            return 0.0
        return max(30.0, (number + 1) * self.length - self.clock) / self.whole
