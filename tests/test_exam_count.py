"""The exam's counting, on recorded samples: what it must find, what it must excuse, what it must not."""

from decimal import Decimal
from typing import Any

import pytest

from exam.count import Excuse, Veil, Window, Wrong, healed_after, unvouched, veil
from exam.sample import View, spans_of
from exam.truth import Key, Truth

BET = Key(7, 1, 8, "1", "")
WINDOW = Window(0, 100)
ALL_DAY = 10_000


class Feed:
    """A supplier's witness of one market, written second by second; heartbeats each 5 s unless `silent`."""

    def __init__(self, *, silent: tuple[int, int] = (ALL_DAY, ALL_DAY)) -> None:
        self.lines: list[dict[str, Any]] = []
        self.number = 0
        for at in range(0, 100, 5):
            if not silent[0] <= at < silent[1]:
                self.sent(at, at, 32, f"beat {at}")

    def says(self, at: float, price: str, status: int = 1, *, arrives: float | None = 0.0) -> "Feed":
        """The bet stands so from `at` on; the message is sent `arrives` seconds later, or never (None)."""
        self.number += 1
        bet = {"Id": 70, "Name": "1", "Status": status, "Price": price}
        market = {"Id": 1, "ProviderMarkets": [{"Id": 8, "Bets": [bet]}]}
        guid = f"odds {self.number}"
        body = {"Body": {"Events": [{"FixtureId": 7, "Markets": [market]}]}}
        self.lines.append({"true": guid, "at": at * 1000, "fixture": 7, "type": 3, "market": 1, "body": body})
        if arrives is not None:
            self.sent(at + arrives, at, 3, guid, fixture=7, market=1)
        return self

    def sent(self, at: float, of: float, kind: int, guid: str, **about: Any) -> None:
        facts = {"fixture": None, "market": None, "type": kind, **about}
        self.lines.append({"sent": guid, "at": at * 1000, "of": of * 1000, **facts})

    def truth(self) -> Truth:
        return Truth(sorted(self.lines, key=lambda line: (line["at"], "sent" in line)))


def shown(*views: tuple[float, str | None]) -> list[View]:
    return [View(at, BET, text) for at, text in views]


def wrong(feed: Feed, *views: tuple[float, str | None], excuses: tuple[Excuse, ...] = ()) -> list[Wrong]:
    return unvouched(spans_of(shown(*views), until=60), feed.truth(), WINDOW, excuses)


def seconds(feed: Feed, *views: tuple[float, str | None], excuses: tuple[Excuse, ...] = ()) -> float:
    return round(sum(found.seconds for found in wrong(feed, *views, excuses=excuses)), 3)


def test_a_page_that_follows_within_a_second_is_not_wrong() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.10").says(30, "2.10", status=2)
    assert wrong(feed, (1.2, "2.00"), (20.9, "2.10"), (30.9, "")) == []


def test_a_suspended_price_that_stays_open_is_counted_from_a_second_on() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.00", status=2)
    (found,) = wrong(feed, (1.2, "2.00"), (26, ""))
    assert found == Wrong(BET, pytest.approx(21), pytest.approx(5), Decimal("2.00"), None)


def test_an_old_price_that_stays_open_is_counted_too() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.50")
    assert seconds(feed, (1.2, "2.00"), (26, "2.50")) == 5


def test_a_price_that_opens_again_after_it_was_known_to_be_old_has_no_second_of_notice() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.50")
    assert seconds(feed, (1.2, "2.00"), (20.5, ""), (30, "2.00"), (34, "")) == 4


def test_a_page_with_two_places_shows_the_same_price() -> None:
    assert wrong(Feed().says(1, "17.0579"), (1.2, "17.06")) == []


def test_a_lost_suspension_is_known_by_the_next_message_that_says_the_same() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.00", status=2, arrives=None).says(30, "2.00", status=2)
    assert seconds(feed, (1.2, "2.00"), (30.9, "")) == 0
    assert seconds(feed, (1.2, "2.00"), (40, "")) == 9


def test_the_next_message_of_a_market_shows_a_hole_after_its_patience() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.00", status=2, arrives=None)
    feed.sent(25, 25, 3, "other bet", fixture=7, market=1)
    assert seconds(feed, (1.2, "2.00"), (28.5, "")) == 0
    assert seconds(feed, (1.2, "2.00"), (38.5, "")) == 10


def test_silence_is_known_after_its_limit() -> None:
    feed = Feed(silent=(15, 100)).says(1, "2.00").says(16, "2.00", status=2, arrives=None)
    assert seconds(feed, (1.2, "2.00"), (25.9, "")) == 0, "the last beat came at 10"
    assert seconds(feed, (1.2, "2.00"), (36, "")) == 10


def test_a_price_that_changes_while_a_known_silence_goes_on_has_a_second_alone() -> None:
    feed = Feed(silent=(15, 100)).says(1, "2.00").says(40, "2.00", status=2, arrives=None)
    assert seconds(feed, (1.2, "2.00"), (45, "")) == 4


def test_heartbeats_with_a_space_are_known_when_they_come_back() -> None:
    feed = Feed(silent=(15, 25)).says(1, "2.00").says(16, "2.00", status=2, arrives=None)
    assert seconds(feed, (1.2, "2.00"), (30, "")) == 4, "the last beat came at 10, the next at 25"


def test_lag_is_known_with_the_first_message_that_comes_late() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.00", status=2, arrives=10)
    feed.sent(24, 20.5, 2, "late", fixture=9)
    assert seconds(feed, (1.2, "2.00"), (28, "")) == 3


def test_a_fault_with_a_stated_time_of_notice_excuses_what_happened_within_it() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.00", status=2)
    frozen = (Excuse(19, 13),)
    assert seconds(feed, (1.2, "2.00"), (32, ""), excuses=frozen) == 0
    assert seconds(feed, (1.2, "2.00"), (40, ""), excuses=frozen) == 8
    assert seconds(feed, (1.2, "2.00"), (25, ""), excuses=(Excuse(40, 13),)) == 4, "what was wrong before it began"


def test_a_fixture_that_is_over_has_no_open_price() -> None:
    feed = Feed().says(1, "2.00")
    body = {"Body": {"Events": [{"FixtureId": 7, "Fixture": {"Status": 3}, "Markets": None}]}}
    about = {"fixture": 7, "type": 1, "market": None}
    feed.lines.append({"true": "over", "at": 20_000, **about, "body": body})
    feed.sent(20, 20, 1, "over", fixture=7)
    assert seconds(feed, (1.2, "2.00"), (25, "")) == 4


class Desk:
    """What a page paints of prices that change each two seconds, while a web process stands still from 20 to 50."""

    def __init__(self, *, has_veil: bool) -> None:
        self.feed = Feed()
        self.views: list[tuple[float, str | None]] = []
        for at in range(1, 60, 2):
            price = f"{2 + at / 10:.2f}"
            self.feed.says(at, price)
            if not 20 <= at < 50:
                self.views.append((at + 0.4, price))
        if has_veil:
            self.views.append((31.9, ""))


def test_a_desk_whose_veil_is_switched_off_is_found_out() -> None:
    frozen = (Excuse(20, 13),)
    assert seconds(Desk(has_veil=True).feed, *Desk(has_veil=True).views, excuses=frozen) == 0
    assert seconds(Desk(has_veil=False).feed, *Desk(has_veil=False).views, excuses=frozen) > 15


def test_a_veil_over_what_is_open_is_needless_while_all_is_well() -> None:
    feed = Feed().says(1, "2.00").says(40, "2.00", status=2)
    spans = list(spans_of(shown((1.5, "2.00"), (10, ""), (15, "2.00"), (40, "")), until=60))
    assert veil(spans, feed.truth(), [Window(0, 30)]) == Veil(pytest.approx(5), pytest.approx(27))
    assert veil(spans, feed.truth(), [Window(40, 60)]) == Veil(0, 0)


def test_a_price_that_has_just_opened_may_be_closed_for_two_seconds() -> None:
    feed = Feed().says(10, "2.00")
    spans = list(spans_of(shown((1, ""), (11.9, "2.00")), until=60))
    assert veil(spans, feed.truth(), [WINDOW]).needless == 0


def test_a_desk_has_healed_when_all_that_is_open_looks_so_and_stays_so() -> None:
    truth = Feed().says(1, "2.00").truth()
    spans = list(spans_of(shown((1.5, "2.00"), (20, ""), (34, "2.00"), (35, ""), (37, "2.00")), until=60))
    assert healed_after(spans, truth, ended_at=30, until=60) == pytest.approx(7, abs=0.3)
    assert healed_after(spans, truth, ended_at=30, until=37.5) is None
