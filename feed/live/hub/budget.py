"""How much a page, a user and all pages together may watch and send, by what it costs here."""

from collections.abc import Collection, Hashable

from django.utils.translation import gettext

from feed.live.allowance import Allowance
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
#: A subscription of a program has the fixtures of its token looked up.
SUBSCRIPTION_WORK = 500
#: States that are made for a token's programs, which have nothing of these fixtures: as many as four connections with a
#: thousand fixtures need when they begin, and each second. One is made in some 2 ms.
STATES, STATES_PER_SECOND = 5_000, 20
#: Connections that are begun with a token, or with what is sent for one.
CONNECTIONS, CONNECTIONS_PER_SECOND = 40, 1


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
        self.work = Allowance(WORK, WORK_PER_SECOND)
        self.states = Allowance(STATES, STATES_PER_SECOND)
        self.connections = Allowance(CONNECTIONS, CONNECTIONS_PER_SECOND)

    def spend(self, owner: Hashable, work: int) -> None:
        """Raise TooCostly where the owner sends more than may be sent."""
        if not self.work.take(owner, work, -WORK_PER_SECOND):
            raise TooCostly(TOO_MUCH, gettext("Too much was sent in a short time"))

    def connect(self, secret: Hashable) -> None:
        """Raise TooCostly where connections are begun with this secret too often."""
        if not self.connections.take(secret, 1, -CONNECTIONS_PER_SECOND):
            raise TooCostly(TRY_LATER, gettext("This token opens connections too often; come back in a few seconds"))

    def check_states(self, owner: Hashable) -> None:
        """Raise TooCostly where more states have been made for the owner than may be: those must be paid off first."""
        if self.states.of(owner) <= 0:
            words = gettext("Too many snapshots were asked for; come back in some minutes, or resume with since")
            raise TooCostly(TRY_LATER, words)

    def forget_idle(self) -> None:
        """Forget owners whose allowances are full again."""
        for allowance in (self.work, self.states, self.connections):
            allowance.forget_full()

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
