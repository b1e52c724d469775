"""What is due when. There is no clock here: the caller says how far time has moved on."""

from collections.abc import Callable, Iterable, Iterator
from heapq import heappop, heappush

from .outgoing import Outgoing

Action = Callable[[int], Iterable[Outgoing]]


class Agenda:
    """Actions at their times, in milliseconds since 1970; those of one time in the order in which they were put.

    `speed` is how much faster than real contests go: it shortens what is given in their seconds.
    """

    def __init__(self, start: int, speed: float) -> None:
        self.now = start
        self.speed = speed
        self.entries: list[tuple[int, int, Action]] = []
        self.put = 0

    def at(self, when: int, action: Action) -> None:
        self.put += 1
        heappush(self.entries, (when, self.put, action))

    def after(self, seconds: float, action: Action) -> None:
        """`seconds` as the contest counts them."""
        self.at(self.now + max(1, int(seconds * 1000 / self.speed)), action)

    def due(self, end: int) -> Iterator[Action]:
        """The actions due until `end`, those included that are put meanwhile; `now` is each one's time."""
        while self.entries and self.entries[0][0] <= end:
            self.now, _, action = heappop(self.entries)
            yield action
        self.now = max(self.now, end)
