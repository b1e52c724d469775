"""One fixture, covered: its match under way, its bets, and when what is due next."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .match import Match, News, Topic
from .offer import Offer


@dataclass(kw_only=True)
class Coverage:
    """`course` yields the seconds to the next happening; `told` is false until the first messages of it went out."""

    slot: int
    match: Match
    offer: Offer
    course: Iterator[float]
    told: bool = False
    ended: bool = False
    settling: bool = False
    halts: int = 0
    waited: float = 0.0
    news: list[News] = field(default_factory=list)

    def go_on(self) -> float | None:
        """The next happening happens; the seconds until the one after, None at the end."""
        self.match.pass_time(self.waited)
        wait = next(self.course, None)
        self.waited = wait or 0.0
        self.news, self.match.news = self.match.news, []
        self.ended = wait is None
        return wait

    def happened(self, *topics: Topic) -> bool:
        return any(each.topic in topics for each in self.news)
