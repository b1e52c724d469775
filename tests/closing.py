"""A feed that a test sends by hand, and everything that closes a price of it."""

import json
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from feed.ingest.loop import Ingest
from feed.models import FeedSource
from feed.store.epochs import expect_break
from feed.store.gaps import PATIENCE, open_gaps
from feed.vouching.reasons import Reason
from tests.feed_messages import ListTransport, fixture, message

MARKET, OTHER_MARKET, BOOKMAKER, OTHER_BOOKMAKER = 1, 2, 8, 31
FINISHED, CANCELLED, POSTPONED, INTERRUPTED, ABANDONED, LOST_COVERAGE = 3, 4, 5, 6, 7, 8
numbers = count(1)


class Feed:
    """A source, and what LSports sends over it of one fixture; each message is newer than the one before."""

    def __init__(self, fixture_id: int = 7, source: str = "in-play") -> None:
        self.fixture_id = fixture_id
        self.source = FeedSource.objects.get_or_create(name=source, defaults={"kind": "queue"})[0]
        self.state = "up"
        self.sent = 0
        self.sent_at = timezone.now()
        self.describe(2)
        for market_id in (MARKET, OTHER_MARKET):
            self.offer(market_id, "2.0")

    def next_moment(self) -> datetime:
        """Now, and after every moment before: what is sent is not late, however long the tests before it took."""
        self.sent_at = max(timezone.now(), self.sent_at + timedelta(milliseconds=1))
        return self.sent_at

    def receive(self, kind: int, event: dict[str, Any]) -> None:
        self.sent += 1
        events = {"Events": [{"FixtureId": self.fixture_id, **event}]}
        body = message(kind, events, sent_at=self.next_moment(), seq=self.sent)
        Ingest(ListTransport([body]), self.source).run()
        self.stand(self.state)

    def describe(self, status: int, is_active: int = 1) -> None:
        """A fixture message that states this status, and whether the first participant takes part."""
        described = json.loads(fixture(self.fixture_id, status=status, sent_at=self.next_moment()))
        described = described["Body"]["Events"][0]["Fixture"]
        described["Participants"][0]["IsActive"] = is_active
        self.receive(1, {"Fixture": described})

    def score(self, status: int | str) -> None:
        """A scoreboard that states this status."""
        self.receive(2, {"Livescore": {"Scoreboard": {"Status": status, "CurrentPeriod": 10, "Results": []}}})

    def offer(self, market_id: int, price: str | None, status: int = 1) -> None:
        """Three bets at each of two bookmakers."""
        at = self.next_moment().isoformat()

        def bets(first: int) -> list[dict[str, Any]]:
            bet = {"Status": status, "Price": price, "LastUpdate": at}
            sides = {"1": self.fixture_id * 10 + 1, "2": self.fixture_id * 10 + 2}
            return [
                bet | {"Id": first + n, "Name": name, "ParticipantId": sides.get(name)}
                for n, name in enumerate(("1", "X", "2"))
            ]

        books = [{"Id": pk, "Name": f"Book {pk}", "Bets": bets(market_id * 1000 + pk * 10)} for pk in (8, 31)]
        self.receive(3, {"Markets": [{"Id": market_id, "Name": f"Market {market_id}", "Providers": books}]})

    def state_market(self, status: int | str) -> None:
        """The market's own status, without a bet."""
        self.receive(3, {"Markets": [{"Id": MARKET, "Name": "Market 1", "Status": status}]})

    def state_provider(self, status: int | str) -> None:
        """A bookmaker's market's own status, without a bet."""
        at = self.next_moment().isoformat()
        book = {"Id": BOOKMAKER, "Name": "Book 8", "MarketStatus": status, "LastUpdate": at, "Bets": []}
        self.receive(3, {"Markets": [{"Id": MARKET, "Name": "Market 1", "ProviderMarkets": [book]}]})

    def move(self, price: str, books: str = "Providers") -> None:
        """One bet alone; only messages with `ProviderMarkets`, TRADE's, are numbered in their market."""
        at = self.next_moment().isoformat()
        bet = {"Id": 1080, "Name": "1", "Status": 1, "Price": price, "LastUpdate": at}
        given = [{"Id": BOOKMAKER, "Name": "Book 8", "Bets": [bet]}]
        self.receive(3, {"Markets": [{"Id": MARKET, "Name": "Market 1", books: given}]})

    def lose(self) -> None:
        """A message of the market never comes; the next one speaks of one bet alone, and its patience is over."""
        for price in ("2.1", "2.2"):
            self.sent += 1
            self.move(price, "ProviderMarkets")
        open_gaps(self.source, timezone.now() + 2 * PATIENCE)

    def break_off(self) -> None:
        """Heartbeats are missing: nothing that was said before is confirmed."""
        expect_break([self.source.pk], "Heartbeats are missing.")
        self.offer(OTHER_MARKET, "2.0")

    def stand(self, state: str) -> None:
        """The source is in this state now."""
        now = timezone.now()
        self.state = state
        values = {"state": state, "state_since": now, "last_message_at": now, "consumer_seen_at": now}
        values |= {"off_since": now if state == "off" else None}
        FeedSource.objects.filter(pk=self.source.pk).update(**values)


#: What happens, and the reasons that bet "1" of bookmaker 8 has then.
CLOSING = {
    "a suspended bet": (lambda feed: feed.offer(MARKET, "2.0", 2), [Reason.BET_SUSPENDED]),
    "a settled bet": (lambda feed: feed.offer(MARKET, "2.0", 3), [Reason.BET_SETTLED]),
    "a price that pays nothing": (lambda feed: feed.offer(MARKET, "1.0"), [Reason.NO_PRICE]),
    "a bookmaker's market": (lambda feed: feed.state_provider(2), [Reason.PROVIDER_SUSPENDED]),
    "a suspended market": (lambda feed: feed.state_market(2), [Reason.MARKET_SUSPENDED]),
    "a settled market": (lambda feed: feed.state_market(3), [Reason.MARKET_SUSPENDED]),
    "whom it is on does not take part": (lambda feed: feed.describe(2, is_active=0), [Reason.NOT_RUNNING]),
    "cancelled by a fixture message": (lambda feed: feed.describe(CANCELLED), [Reason.FIXTURE_OVER]),
    "abandoned by a fixture message": (lambda feed: feed.describe(ABANDONED), [Reason.FIXTURE_OVER]),
    "finished by a scoreboard": (lambda feed: feed.score(FINISHED), [Reason.FIXTURE_OVER]),
    "postponed": (lambda feed: feed.describe(POSTPONED), [Reason.FIXTURE_PAUSED]),
    "interrupted by a scoreboard": (lambda feed: feed.score(INTERRUPTED), [Reason.FIXTURE_PAUSED]),
    "coverage lost": (lambda feed: feed.score(LOST_COVERAGE), [Reason.FIXTURE_PAUSED]),
    "a status that nobody knows": (lambda feed: feed.describe(72), [Reason.FIXTURE_PAUSED]),
    "a source that is down": (lambda feed: feed.stand("down"), [Reason.SOURCE_DOWN]),
    "a source that is late": (lambda feed: feed.stand("late"), [Reason.SOURCE_LATE]),
    "a source that is off": (lambda feed: feed.stand("off"), [Reason.SOURCE_OFF]),
    "a source that recovers": (lambda feed: feed.stand("recovering"), [Reason.SOURCE_RECOVERING]),
    "an unreadable bet": (lambda feed: feed.move("two"), [Reason.BET_SUSPENDED, Reason.UNREADABLE]),
    "an unreadable market": (lambda feed: feed.state_market("shut"), [Reason.MARKET_SUSPENDED, Reason.UNREADABLE]),
    "an unreadable fixture": (lambda feed: feed.score("half"), [Reason.UNREADABLE]),
    "a missing message": (lambda feed: feed.lose(), [Reason.GAP]),
    "a break": (lambda feed: feed.break_off(), [Reason.UNCONFIRMED]),
    "two reasons": (
        lambda feed: (feed.state_market(2), feed.describe(CANCELLED)),
        [Reason.MARKET_SUSPENDED, Reason.FIXTURE_OVER],
    ),
}
