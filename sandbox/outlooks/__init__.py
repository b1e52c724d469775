"""Price models: how the rest of a match may go, from the score and what is left. One for each kind of sport."""

from typing import Protocol

from sandbox.chances import Spread


class Outlook(Protocol):
    """A bookmaker's view of how the rest of a match may go. Stretches are called by their name."""

    def spread(self, stretch: str) -> Spread:
        """Both sides' numbers at the end of the stretch, what is played already included."""

    def next_score(self) -> tuple[float, float, float]:
        """The chance that home scores next, that nobody does, that away does."""

    def score_chance(self, stretch: str, home: int, away: int) -> float:
        """The chance of exactly this score at the end of the stretch."""
