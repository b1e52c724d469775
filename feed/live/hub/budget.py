"""How much a page, a user and all pages together may watch and send, by what it costs here."""

import time
from collections.abc import Collection, Hashable

from django.utils.translation import gettext

from feed.live.topic import Topic

from .watcher import TOO_MUCH, TRY_LATER, Watcher

#: In board rows. A page shows some hundred rows and one board; a board with a search costs 200.
SOCKET_COST = 5_000
#: All pages of one user in this process.
OWNER_COST = 10_000
#: All topics that are watched in this process; those that several watch count once.
HUB_COST = 200_000
#: What an owner may send, at once and each second. A message counts 1, and 1 more for each topic or id in it.
WORK, WORK_PER_SECOND = 20_000, 2_000
#: A subscription of a program has every fixture's state made for it.
SUBSCRIPTION_WORK = 500


class TooCostly(Exception):
    """More is asked for than is allowed: a close code, and words for a person."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


class Budget:
    """What owners watch and send. An owner is a user or a token."""

    def __init__(self) -> None:
        self.of_owner: dict[Hashable, int] = {}
        #: What an owner may still send, and when that was counted.
        self.left: dict[Hashable, tuple[float, float]] = {}

    def spend(self, owner: Hashable, work: int) -> None:
        """Raise TooCostly where the owner sends more than may be sent."""
        now = time.monotonic()
        left, noted = self.left.get(owner, (WORK, now))
        left = min(WORK, left + (now - noted) * WORK_PER_SECOND) - work
        self.left[owner] = max(left, -WORK_PER_SECOND), now
        if left < 0:
            raise TooCostly(TOO_MUCH, gettext("Too much was sent in a short time"))

    def forget_idle(self) -> None:
        """Forget owners whose allowance is full again."""
        before = time.monotonic() - WORK / WORK_PER_SECOND
        self.left = {owner: left for owner, left in self.left.items() if left[1] > before}

    def note(self, watcher: Watcher, cost: int) -> None:
        """Note what the watcher's topics cost now."""
        total = self.of_owner.get(watcher.owner, 0) + cost - watcher.cost
        watcher.cost = cost
        if total:
            self.of_owner[watcher.owner] = total
        else:
            self.of_owner.pop(watcher.owner, None)

    def check(self, watcher: Watcher, topics: Collection[Topic], watched_cost: int) -> None:
        """Raise TooCostly if these topics, in place of those that the watcher has, would cost too much."""
        cost = sum(topic.cost for topic in topics)
        if cost > SOCKET_COST:
            raise TooCostly(TOO_MUCH, gettext("This page asks for more than a single page may follow"))
        if self.of_owner.get(watcher.owner, 0) + cost - watcher.cost > OWNER_COST:
            raise TooCostly(TOO_MUCH, gettext("Your pages ask for more than a single person may follow; close some"))
        if watched_cost + sum(topic.cost for topic in topics if topic not in watcher.versions) > HUB_COST:
            raise TooCostly(TRY_LATER, gettext("The desk follows as much as it can; come back later"))
