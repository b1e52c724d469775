"""What closes a price, and what opens it again, as LSports sends it or as it happens to a whole desk."""

import json
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from exam.processes import until
from feed.vouching.reasons import Reason
from tests.broker import Broker
from tests.live_desk import IN_PLAY, LiveDesk

OPEN, SUSPENDED, SETTLED, WINNER = 1, 2, 3, 2
POSTPONED, INTERRUPTED, ABANDONED, LOST_COVERAGE = 5, 6, 7, 8
MARKET, SETTLEMENT, BOOKMAKER = 3, 35, 8
EXPECT_NOTHING = """
from feed.models import FeedSource
from packages_admin.source_expectation import expect_nothing_more
expect_nothing_more(list(FeedSource.objects.values_list("pk", flat=True)), "olga")
"""
SNAPSHOTS = 'from feed.models import FeedSource; FeedSource.objects.update(snapshots="{}")'


class Beats:
    """A heartbeat each second, from a thread with a connection of its own, until `end`."""

    def __init__(self, url: str, queue: str) -> None:
        self.url, self.queue = url, queue
        self.ahead = timedelta()
        self.interrupted: list[int] = []
        self.is_silent = False
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        broker = Broker(self.url)
        broker.channel.queue_delete(broker.queue)
        broker.queue = self.queue
        while not self.ended.wait(1):
            if not self.is_silent:
                broker.publish(self.beat())
        broker.connection.close()

    def beat(self) -> bytes:
        sent_at = int((datetime.now(UTC) + self.ahead).timestamp() * 1000)
        header = {"Type": 32, "MsgGuid": "g", "ServerTimestamp": sent_at}
        body = {"FeedInterrupted": self.interrupted} if self.interrupted else None
        return json.dumps({"Header": header, "Body": body}).encode()

    def end(self) -> None:
        self.ended.set()
        self.thread.join(20)


class Match:
    """A fixture in play of a whole desk, with the bets "1" and "2" of one bookmaker in one market."""

    def __init__(self, running: LiveDesk, beats: Beats, pk: int) -> None:
        self.running, self.beats, self.pk = running, beats, pk
        self.describe(IN_PLAY)
        self.offer()

    def describe(self, status: int) -> None:
        self.running.fixture(self.pk, status)

    def withdraw(self) -> None:
        """The home side does not take part."""
        self.running.fixture(self.pk, home_plays=False)

    def score(self, status: Any) -> None:
        """A scoreboard that states this status."""
        board = {"Status": status, "CurrentPeriod": 10, "Time": "600", "Results": []}
        self.running.publish(2, {"FixtureId": self.pk, "Livescore": {"Scoreboard": board}})

    def offer(self, *names: str, kind: int = MARKET, status: int | None = None, **fields: Any) -> None:
        """Some of the bets (all), with these fields; `status` is the bookmaker's market's."""
        at = datetime.now(UTC).isoformat()
        known = {"Status": OPEN, "Price": "2.1", "LastUpdate": at} | fields
        bets = [
            {"Id": self.pk * 10 + int(name), "Name": name, "ParticipantId": self.pk * 10 + int(name)} | known
            for name in names or ("1", "2")
        ]
        book = {"Id": BOOKMAKER, "Name": "Bet Eight", "Bets": bets, "MarketStatus": status, "LastUpdate": at}
        self.send({"ProviderMarkets": [book]}, kind)

    def state_market(self, status: Any) -> None:
        """The market's own status, without a bet."""
        self.send({"Status": status})

    def send(self, market: dict[str, Any], kind: int = MARKET) -> None:
        self.running.publish(kind, {"FixtureId": self.pk, "Markets": [{"Id": 1, "Name": "1X2"} | market]})

    def lose_and_move(self) -> None:
        """A message of the market gets lost; the one after it speaks of one bet alone."""
        self.running.sent[MARKET, self.pk, 1] += 1
        self.offer("1", Price="2.2")

    def miss_heartbeats(self) -> None:
        """The next heartbeat comes thirteen seconds after the one before it, by LSports' clock."""
        self.beats.ahead += timedelta(seconds=13)

    def miss_what_can_be_asked_for(self) -> None:
        self.running.made.run("shell", "--command", SNAPSHOTS.format("answered"))
        self.miss_heartbeats()

    def ask_no_more(self) -> None:
        self.running.made.run("shell", "--command", SNAPSHOTS.format("none"))
        self.offer()

    def expect_nothing(self) -> None:
        """The source's package is deleted."""
        self.running.made.run("shell", "--command", EXPECT_NOTHING)

    def be_expected(self) -> None:
        """A consumer takes the source anew."""
        self.running.end_consumer(signal.SIGTERM)
        self.consume()

    def consume(self) -> None:
        """Prices that came before the break was noticed would stay unconfirmed."""
        self.running.start_consumer()
        until(self.is_fed, 60, "a consumer")
        self.offer()

    def is_fed(self) -> bool:
        feed: dict[str, Any] = self.running.get("/api/v1/feed/").json()
        return not any(source["suspended"] for source in feed["sources"])

    def fall_silent(self) -> None:
        self.beats.is_silent = True

    def speak(self) -> None:
        """The first heartbeat after the silence shows the break, and what came before it stays unconfirmed."""
        self.beats.is_silent = False
        until(self.is_fed, 30, "a heartbeat")
        self.offer()

    def report(self, *interrupted: int) -> None:
        """Heartbeats name what of LSports is interrupted."""
        self.beats.interrupted = list(interrupted)


Act = Callable[[Match], None]


class Condition(NamedTuple):
    """What happens; the reasons that bet "1" has then, the words at its cell; how it ends.

    `head` are the words at the market's head, the same as at the cell where they are not given; `fixture_head` those
    above all markets.
    """

    happens: Act
    reasons: list[Reason]
    words: str
    ends: Act
    head: str | None = None
    fixture_head: str = ""


def offered(**fields: Any) -> Act:
    return lambda match: match.offer(**fields)


def stated(status: Any) -> Act:
    return lambda match: match.state_market(status)


def described(status: int) -> Act:
    return lambda match: match.describe(status)


def scored(status: Any) -> Act:
    return lambda match: match.score(status)


def over(happens: Act, reason: Reason, words: str) -> Condition:
    """All of the fixture is closed, until a fixture message says that it is in play."""
    return Condition(happens, [reason], words, described(IN_PLAY), fixture_head=words)


NOT_PLAYED = "Suspended: the fixture is not being played"
UNREADABLE = "Closed: the newest message about it could not be read"
CONDITIONS = {
    "a suspended bet": Condition(offered(Status=SUSPENDED), [Reason.BET_SUSPENDED], "Suspended", offered()),
    "a bet that LSports suspended": Condition(
        offered(Status=SUSPENDED, SuspensionReason=20),
        [Reason.BET_SUSPENDED],
        "Suspended: by the system of LSports",
        offered(),
    ),
    "one suspended bet": Condition(
        lambda match: match.offer("1", Status=SUSPENDED), [Reason.BET_SUSPENDED], "Suspended", offered(), head=""
    ),
    "a settled bet": Condition(
        offered(kind=SETTLEMENT, Status=SETTLED, Settlement=WINNER),
        [Reason.BET_SETTLED],
        "Won",
        offered(),
        head="Settled",
    ),
    "a price that pays nothing": Condition(offered(Price="1.0"), [Reason.NO_PRICE], "No price", offered()),
    "a bookmaker's market": Condition(
        offered(status=SUSPENDED),
        [Reason.PROVIDER_SUSPENDED],
        "Suspended: this bookmaker's market is closed",
        offered(status=OPEN),
    ),
    "a suspended market": Condition(
        stated(SUSPENDED), [Reason.MARKET_SUSPENDED], "Suspended: the whole market is closed", stated(OPEN)
    ),
    "a side that does not take part": Condition(
        lambda match: match.withdraw(),
        [Reason.NOT_RUNNING],
        "Closed: whom it is on does not take part",
        described(IN_PLAY),
        head="",
    ),
    "abandoned by a fixture message": over(
        described(ABANDONED), Reason.FIXTURE_OVER, "Closed: the fixture is over (abandoned)"
    ),
    "postponed by a fixture message": over(described(POSTPONED), Reason.FIXTURE_PAUSED, f"{NOT_PLAYED} (postponed)"),
    "interrupted by a scoreboard": over(scored(INTERRUPTED), Reason.FIXTURE_PAUSED, f"{NOT_PLAYED} (interrupted)"),
    "coverage lost": over(scored(LOST_COVERAGE), Reason.FIXTURE_PAUSED, f"{NOT_PLAYED} (coverage lost)"),
    "a consumer that is gone": Condition(
        lambda match: match.running.end_consumer(signal.SIGKILL),
        [Reason.SOURCE_DOWN],
        "Not confirmed: the feed of this price is down",
        lambda match: match.consume(),
    ),
    "LSports says that it is interrupted": Condition(
        lambda match: match.report(1),
        [Reason.SOURCE_LATE],
        "Not confirmed: the feed of this price is late",
        lambda match: match.report(),
    ),
    "a package that was deleted": Condition(
        lambda match: match.expect_nothing(),
        [Reason.SOURCE_OFF],
        "Not confirmed: the feed of this price is switched off",
        lambda match: match.be_expected(),
    ),
    "a break that LSports can be asked about": Condition(
        lambda match: match.miss_what_can_be_asked_for(),
        [Reason.SOURCE_RECOVERING, Reason.UNCONFIRMED],
        "Not confirmed: the feed of this price is catching up",
        lambda match: match.ask_no_more(),
    ),
    "a break": Condition(
        lambda match: match.miss_heartbeats(),
        [Reason.UNCONFIRMED],
        "Not confirmed since the feed was interrupted",
        offered(),
    ),
    "a missing message": Condition(
        lambda match: match.lose_and_move(),
        [Reason.GAP],
        "Not confirmed: messages of this market are missing",
        offered(),
    ),
    "an unreadable price": Condition(
        offered(Price="two"), [Reason.BET_SUSPENDED, Reason.UNREADABLE], "Suspended", offered()
    ),
    "an unreadable status of the fixture": over(scored("half"), Reason.UNREADABLE, UNREADABLE),
    "all at once": Condition(
        lambda match: (match.offer(Status=SUSPENDED), match.state_market(SUSPENDED), match.describe(ABANDONED))[0],
        [Reason.BET_SUSPENDED, Reason.MARKET_SUSPENDED, Reason.FIXTURE_OVER],
        "Suspended",
        lambda match: (match.describe(IN_PLAY), match.state_market(OPEN), match.offer())[0],
        fixture_head="Closed: the fixture is over (abandoned)",
    ),
    "silence": Condition(
        lambda match: match.fall_silent(),
        [Reason.SOURCE_DOWN],
        "Not confirmed: the feed of this price is down",
        lambda match: match.speak(),
    ),
}
