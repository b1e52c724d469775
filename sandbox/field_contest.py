"""Contests of many: a horse race, a league's season. There is a bet on each that may win."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import cos, exp, sin, sqrt

from feed.codes import FixtureStatus, Settlement

from .bookmakers import Opinion
from .contest import Contest, Topic
from .markets import Chance

WITHDRAWN = 0.35
INQUIRY = 0.05
ROUND_SECONDS = 1800.0


class FieldOutlook:
    """Each one's chance to win, by side id; they sum to 1."""

    def __init__(self, weights: dict[int, float], opinion: Opinion) -> None:
        strayed = {
            side: weight * max(0.2, 1 + 4 * ((opinion.home - 1) * cos(side) + (opinion.away - 1) * sin(side)))
            for side, weight in weights.items()
        }
        total = sum(strayed.values())
        self.chances = {side: weight / total for side, weight in strayed.items()}


@dataclass(kw_only=True)
class FieldContest(Contest):
    """`strengths` are in the order of the card's sides; `places` are known at the end: side id to place, from 1."""

    strengths: tuple[float, ...]
    places: dict[int, int] = field(default_factory=dict)

    def weights(self) -> dict[int, float]:
        """Weights by side id; the chances to win are proportional to them."""
        raise NotImplementedError

    def outlook(self, opinion: Opinion) -> FieldOutlook:
        return FieldOutlook(self.weights(), opinion)


@dataclass(kw_only=True)
class Race(FieldContest):
    """A horse wins in proportion to its strength; of those behind, the same rule makes the second, and so on."""

    def weights(self) -> dict[int, float]:
        runners = zip(self.card.sides, self.strengths, strict=True)
        return {side.id: strength for side, strength in runners if side.active}

    def prepare(self, seconds: float) -> Iterator[float]:
        """One or two may be withdrawn: non-runners."""
        left = seconds
        while left > 60 and self.rng.random() < WITHDRAWN and len(self.weights()) > 4:
            wait = self.rng.uniform(0, left)
            yield wait
            left -= wait
            self.rng.choice([side for side in self.card.sides if side.active]).active = False
            self.tell(Topic.STATUS, "Non-runner")
        yield left

    def play(self) -> Iterator[float]:
        yield self.rng.uniform(70, 200)
        weights = self.weights()
        for place in range(1, len(weights) + 1):
            side = self.rng.choices(list(weights), list(weights.values()))[0]
            del weights[side]
            self.places[side] = place
        self.finish()
        if self.rng.random() < INQUIRY:
            yield self.rng.uniform(90, 240)
            self.swap_first_two()

    def finish(self) -> None:
        self.over = True
        self.show_results()
        self.tell(Topic.SCORE, "Result")
        self.set_status(FixtureStatus.FINISHED)

    def swap_first_two(self) -> None:
        """The stewards' inquiry: the winner is placed behind the second."""
        first, second = (next(side for side, place in self.places.items() if place == wanted) for wanted in (1, 2))
        self.places[first], self.places[second] = 2, 1
        self.show_results()
        self.tell(Topic.SCORE, "Result")

    def show_results(self) -> None:
        for side in self.card.sides:
            if side.id in self.places:
                side.extra["Result"] = str(self.places[side.id])


@dataclass(kw_only=True)
class Season(FieldContest):
    """A league table. A round each half hour, so that a season ends while somebody watches; the most points win."""

    rounds_left: int
    points: dict[int, float] = field(default_factory=dict)

    def weights(self) -> dict[int, float]:
        spread = 1.2 * sqrt(self.rounds_left) + 0.15
        final_points = {
            side.id: self.points.get(side.id, 0.0) + self.rounds_left * strength
            for side, strength in zip(self.card.sides, self.strengths, strict=True)
        }
        best = max(final_points.values())
        return {side: exp((points - best) / spread) for side, points in final_points.items()}

    def play(self) -> Iterator[float]:
        while self.rounds_left:
            yield ROUND_SECONDS
            self.rounds_left -= 1
            for side, strength in zip(self.card.sides, self.strengths, strict=True):
                won = 3.0 if self.rng.random() < strength / 3 else 1.0 if self.rng.random() < 0.4 else 0.0
                self.points[side.id] = self.points.get(side.id, 0.0) + won + self.rng.random() / 1000
            self.tell(Topic.PERIOD, "Round")
        table = sorted(self.points, key=lambda side: -self.points[side])
        self.places = {side: place for place, side in enumerate(table, 1)}
        self.over = True
        self.set_status(FixtureStatus.FINISHED)


@dataclass(frozen=True, slots=True)
class WinnerOfMany:
    """Who comes first. A stake on one who does not take part comes back."""

    id: int
    name: str
    greed: float = 2.0

    def lines(self, outlook: FieldOutlook, contest: FieldContest) -> tuple[float | None, ...]:
        return () if contest.done else (None,)

    def chances(self, outlook: FieldOutlook, contest: FieldContest, line: float | None) -> list[Chance]:
        return [
            Chance(side.name, outlook.chances[side.id], participant=side.id)
            for side in contest.card.sides
            if side.active
        ]

    def settle(self, contest: FieldContest, line: float | None, name: str) -> Settlement | None:
        side = next(side for side in contest.card.sides if side.name == name)
        if not side.active:
            return Settlement.REFUND
        if not contest.over:
            return None
        return Settlement.WINNER if contest.places[side.id] == 1 else Settlement.LOSER
