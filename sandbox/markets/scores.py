"""Markets on single scores: the exact result, who scores next."""

from dataclasses import dataclass

from feed.codes import Settlement
from sandbox.match import Match
from sandbox.outlooks import Outlook

from .market import Chance, Stretch, text, won


@dataclass(frozen=True, slots=True)
class CorrectScore:
    """The exact score; a score out of reach has lost before the end. `scores` are those offered."""

    id: int
    name: str
    stretch: Stretch
    scores: tuple[tuple[int, int], ...]
    greed: float = 2.5

    def lines(self, outlook: Outlook, match: Match) -> tuple[float | None, ...]:
        return () if self.stretch.is_over(match) else (None,)

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        return [
            Chance(f"{home}-{away}", outlook.score_chance(self.stretch.name, home, away)) for home, away in self.scores
        ]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        home, away = (int(goals) for goals in name.split("-"))
        now = self.stretch.tally(match)
        if now[0] > home or now[1] > away:
            return Settlement.LOSER
        return won(now == (home, away)) if self.stretch.is_over(match) else None


@dataclass(frozen=True, slots=True)
class NextGoal:
    """Who scores goal number `line`; a new line opens when the one before is scored."""

    id: int
    name: str
    stretch: Stretch
    greed: float = 1.2

    def lines(self, outlook: Outlook, match: Match) -> tuple[float | None, ...]:
        return () if self.stretch.is_over(match) else (float(len(self._scorers(match)) + 1),)

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        home, nobody, away = outlook.next_score()
        label = text(line or 1.0)
        return [
            Chance("1", home, label, label),
            Chance("No Goal", nobody, label, label),
            Chance("2", away, label, label),
        ]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        number, scorers = int(line or 1), self._scorers(match)
        if len(scorers) >= number:
            return won(name == str(scorers[number - 1]))
        return won(name == "No Goal") if self.stretch.is_over(match) else None

    def _scorers(self, match: Match) -> list[int]:
        return [mark.position for mark in match.marks if mark.period in self.stretch.periods]


@dataclass(frozen=True, slots=True)
class FirstPlayerToScore:
    """Which player makes the first score: `named` of each side are offered, and any of its squad may be it."""

    id: int
    name: str
    stretch: Stretch
    named: int = 6
    greed: float = 3.0

    def lines(self, outlook: Outlook, match: Match) -> tuple[float | None, ...]:
        return () if self.stretch.is_over(match) or match.marks else (None,)

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        home, _, away = outlook.next_score()
        return [
            Chance(name, (home, away)[side] / len(match.card.sides[side].players), participant=side_id, player=player)
            for name, (side, side_id, player) in self._offered(match).items()
        ]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        scorers = [mark.player for mark in match.marks if mark.period in self.stretch.periods]
        if not scorers:
            return Settlement.LOSER if self.stretch.is_over(match) else None
        return won(scorers[0] == self._offered(match)[name][2])

    def _offered(self, match: Match) -> dict[str, tuple[int, int, tuple[int, str]]]:
        """For each name: the side (0 home), its id, the player. Where two have one name, the first."""
        offered: dict[str, tuple[int, int, tuple[int, str]]] = {}
        for number, side in enumerate(match.card.sides):
            for player in side.players[: self.named]:
                offered.setdefault(player[1], (number, side.id, player))
        return offered
