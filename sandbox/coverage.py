"""One fixture, covered: its contest under way, its bets, and what has been sent of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .contest import Contest, News, Topic
from .offer import Offer


@dataclass(kw_only=True)
class Coverage:
    """`course` yields the seconds to the next happening; `halts` is how long betting stops after a score.

    `is_announced` is false until the first messages went out; `halted` counts the halts so far, so that only the end of
    the last one resumes betting; `opening` is true while pre-match betting has ended and in-play betting has not begun.
    """

    slot: int
    contest: Contest
    offer: Offer
    course: Iterator[float]
    halts: tuple[float, float] | None = None
    is_announced: bool = False
    ended: bool = False
    settling: bool = False
    halted: int = 0
    opening: bool = False
    news: list[News] = field(default_factory=list)

    @property
    def fixture_id(self) -> int:
        return self.contest.card.fixture_id

    def go_on(self, now: int) -> float | None:
        """Do what happens next. Returns the seconds until the event after it, None at the end."""
        self.contest.now = now
        wait = next(self.course, None)
        self.news, self.contest.news = self.contest.news, []
        self.ended = wait is None
        return wait

    def happened(self, *topics: Topic) -> bool:
        return any(happening.topic in topics for happening in self.news)
