"""The kinds behind odd messages, from the bytes to the rows and the pages: what closes a price is never lost."""

import re
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from django.test import Client
from django.utils import timezone

from feed.ingest.loop import Ingest
from feed.models import Bet, FeedSource, Fixture, Participant
from feed.vouching.reading import read_market_vouching
from feed.vouching.sources import read_vouching
from tests.feed_messages import ListTransport, message
from tests.rows import make_trader

pytestmark = pytest.mark.django_db

OPEN, SUSPENDED = 1, 2
IN_PLAY, FINISHED, CANCELLED, INTERRUPTED, ABANDONED = 2, 3, 4, 6, 7
FOOTBALL, TENNIS = {"Id": 6046, "Name": "Football"}, {"Id": 54094, "Name": "Tennis"}
BOOKMAKER = 8
HOUR = 3600


class Supplier:
    """Sends messages of fixture 7, each a second after the one before; `began` seconds ago it sent the first."""

    def __init__(self, began: float = 30) -> None:
        self.source = FeedSource.objects.get_or_create(name="in-play", defaults={"kind": "queue"})[0]
        self.sent_at = timezone.now() - timedelta(seconds=began)

    def send(self, kind: int, event: dict[str, Any], **header: Any) -> None:
        self.sent_at += timedelta(seconds=1)
        body = message(kind, {"Events": [{"FixtureId": 7, **event}]}, sent_at=self.sent_at)
        for name, value in header.items():
            body = re.sub(rf'"{name}": [^,}}]*'.encode(), f'"{name}": {value}'.encode(), body)
        Ingest(ListTransport([body]), self.source).run()
        now = timezone.now()
        FeedSource.objects.filter(pk=self.source.pk).update(state="up", state_since=now, last_message_at=now)

    def describe(self, status: Any = IN_PLAY, **fields: Any) -> None:
        sides = [{"Id": n, "Name": name, "Position": str(n)} for n, name in ((1, "Harbour Town"), (2, "Northgate"))]
        known = {"Sport": FOOTBALL, "League": {"Id": 67, "Name": "Vale League"}, "StartDate": "2026-05-01T12:00:00Z"}
        known |= {"Status": status, "LastUpdate": self.sent_at.isoformat(), "Participants": sides}
        self.send(1, {"Fixture": known | fields})

    def score(self, status: Any = IN_PLAY, **fields: Any) -> None:
        results = [{"Position": str(n), "Value": "0"} for n in (1, 2)]
        board = {"Status": status, "CurrentPeriod": 10, "Time": "600", "Results": results} | fields
        self.send(2, {"Livescore": {"Scoreboard": board}})

    def bet(self, number: int = 11, **fields: Any) -> dict[str, Any]:
        known = {"Id": number, "Name": "1", "Status": OPEN, "Price": "2.00", "LastUpdate": self.sent_at.isoformat()}
        return known | fields

    def offer(self, *bets: dict[str, Any], market: int = 1, **fields: Any) -> None:
        self.send(3, {"Markets": [{"Id": market, "Name": "1X2", "Bets": list(bets) or [self.bet()], **fields}]})

    def state(self, status: int, **header: Any) -> None:
        """The market's own status alone."""
        self.send(3, {"Markets": [{"Id": 1, "Name": "1X2", "Status": status}]}, **header)

    def book(self, *bets: dict[str, Any], **fields: Any) -> None:
        book = {"Id": BOOKMAKER, "Name": "North", "LastUpdate": self.sent_at.isoformat(), "Bets": list(bets), **fields}
        self.send(3, {"Markets": [{"Id": 1, "Name": "1X2", "ProviderMarkets": [book]}]})


def reasons() -> dict[int, list[str]]:
    """By bet, why it is closed; [] for one that is open."""
    bets = list(Bet.objects.filter(fixture_id=7))
    vouching = read_market_vouching([7], {bet.market_id for bet in bets}, read_vouching(timezone.now()))
    return {bet.bet_id: list(vouching[7, bet.market_id].closed_because(bet)) for bet in bets}


@pytest.fixture
def supplier() -> Supplier:
    made = Supplier()
    made.describe()
    made.offer()
    assert reasons() == {11: []}
    return made


@pytest.fixture
def trader(client: Client) -> Client:
    client.force_login(make_trader())
    return client


def part(trader: Client, name: str) -> Any:
    return lxml.html.fromstring(trader.get("/fixtures/7/").content).get_element_by_id(f"{name}-7")


def words(element: Any) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


@pytest.mark.parametrize("kind", [2, 3, 35])
@pytest.mark.parametrize("status", [FINISHED, CANCELLED, ABANDONED])
def test_a_short_fixture_that_says_the_match_is_over_closes_it(supplier: Supplier, kind: int, status: int) -> None:
    supplier.score()
    supplier.send(kind, {"Fixture": {"Status": status}})

    assert Fixture.objects.get().status == status
    assert reasons() == {11: ["fixture_over"]}


#: What was stated before, by which message; then what a snapshot states in its description and in its scoreboard.
SNAPSHOTS = {
    "abandoned by a description, the scoreboard was never told": (["f2", "s2", "f7"], ABANDONED, IN_PLAY, ABANDONED),
    "in play again by a description, the scoreboard was never told": (["f2", "s3", "f2"], IN_PLAY, FINISHED, IN_PLAY),
    "finished by the scoreboard, the description was never told": (["f2", "s2", "s3"], IN_PLAY, FINISHED, FINISHED),
    "nothing known, abandoned by the description": ([], ABANDONED, IN_PLAY, ABANDONED),
    "nothing known, finished by the scoreboard": ([], IN_PLAY, FINISHED, FINISHED),
    "begun by the scoreboard": (["f1"], 1, IN_PLAY, IN_PLAY),
    "abandoned in what was missed": (["f2", "s2"], ABANDONED, IN_PLAY, ABANDONED),
    "finished in what was missed": (["f2", "s2"], IN_PLAY, FINISHED, FINISHED),
    "cancelled after another description": (["f2", "s2", "f6"], CANCELLED, IN_PLAY, CANCELLED),
}


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_of_two_statuses_in_one_message_that_which_is_news_counts(name: str) -> None:
    before, described, board, status = SNAPSHOTS[name]
    supplier = Supplier()
    for step in before:
        (supplier.describe if step[0] == "f" else supplier.score)(int(step[1]))
    stated = {"Status": described, "StartDate": "2026-05-01T12:00:00Z", "League": {"Id": 67}}
    known = Fixture.objects.first() if described == IN_PLAY else None
    stated["LastUpdate"] = ((known and known.last_update) or timezone.now()).isoformat()
    supplier.send(36, {"Fixture": stated, "Livescore": {"Scoreboard": {"Status": board, "CurrentPeriod": 10}}})

    assert Fixture.objects.get().status == status


@pytest.mark.parametrize("again", [{}, {"MarketStatus": None}, {"MarketStatus": ""}])
def test_a_bookmakers_market_stays_closed_until_it_is_said_to_be_open(
    supplier: Supplier, again: dict[str, Any]
) -> None:
    supplier.book(supplier.bet(31), MarketStatus=SUSPENDED)
    supplier.book(supplier.bet(31), **again)
    assert reasons() == {11: [], 31: ["provider_suspended"]}
    supplier.book(supplier.bet(31), MarketStatus=OPEN)

    assert reasons() == {11: [], 31: []}


def test_an_open_bet_whose_price_is_left_empty_is_closed_until_it_has_one(supplier: Supplier) -> None:
    supplier.offer(supplier.bet(Price=""))
    assert reasons() == {11: ["bet_suspended", "unreadable"]}
    supplier.offer(supplier.bet(Price="1.90"))

    assert reasons() == {11: []}


@pytest.mark.parametrize("name", ["x", " X ", "X"])
def test_a_bet_without_id_is_found_by_its_name_however_that_is_written(supplier: Supplier, name: str) -> None:
    supplier.book(supplier.bet(30, Name="1"), supplier.bet(31, Name="X"))
    supplier.book({"Name": name, "Status": OPEN, "Price": "2.1"})

    assert reasons() == {11: [], 30: [], 31: ["bet_suspended", "unreadable"]}


#: As a recording is played again, or a queue that waited: long after it was sent.
@pytest.mark.parametrize("began", [30, 10 * HOUR, 5000 * HOUR])
@pytest.mark.parametrize("ahead", ["2099-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "three hours"])
def test_a_last_update_ahead_freezes_no_price_of_what_waited(began: float, ahead: str) -> None:
    supplier = Supplier(began)
    supplier.describe()
    late = (supplier.sent_at + timedelta(hours=3)).isoformat()
    supplier.offer(supplier.bet(LastUpdate=late if ahead == "three hours" else ahead))
    supplier.offer(supplier.bet(Status=SUSPENDED))
    assert reasons() == {11: ["bet_suspended"]}
    supplier.offer(supplier.bet(Price="1.70"))

    assert reasons() == {11: []}


@pytest.mark.parametrize("began", [30, 10 * HOUR, 5000 * HOUR])
@pytest.mark.parametrize("time", ["null", "0", '"x"', "-1", "4070908800000", "253402300799999", '"2026-05-01"'])
def test_a_message_whose_time_is_none_keeps_out_nothing_that_follows(began: float, time: str) -> None:
    supplier = Supplier(began)
    supplier.describe()
    supplier.offer()
    supplier.state(OPEN, ServerTimestamp=time)
    supplier.state(SUSPENDED)
    assert reasons() == {11: ["market_suspended"]}
    supplier.state(OPEN)
    assert reasons() == {11: []}
    supplier.state(SUSPENDED, ServerTimestamp=time)

    assert reasons() == {11: ["market_suspended"]}


@pytest.mark.parametrize("description", [3, 4, 10, 11, 12, 70])
def test_a_clock_stands_where_the_scoreboard_says_how_it_ended(
    supplier: Supplier, trader: Client, description: int
) -> None:
    supplier.score()
    assert part(trader, "scoreboard").xpath(".//*[@data-runs]")
    supplier.score(Description=description)

    assert not part(trader, "scoreboard").xpath(".//*[@data-runs]")


def test_a_clock_stands_while_the_status_cannot_be_read(supplier: Supplier, trader: Client) -> None:
    supplier.score()
    supplier.describe("Under review")

    assert not part(trader, "scoreboard").xpath(".//*[@data-runs]")
    assert reasons() == {11: ["unreadable"]}


@pytest.mark.parametrize(
    ("status", "status_words"), [(FINISHED, "Finished"), (CANCELLED, "Cancelled"), (ABANDONED, "Abandoned")]
)
def test_how_a_match_ended_is_said_whatever_ended_it(
    supplier: Supplier, trader: Client, status: int, status_words: str
) -> None:
    supplier.score(status, Description=10)

    assert f"{status_words}, home walkover" in words(part(trader, "scoreboard"))


MOSS, FERN = {"PlayerId": 7, "Name": "Moss A."}, {"PlayerId": 9, "Name": "Fern B."}


@pytest.mark.parametrize("kind", [10, 40, 9])
@pytest.mark.parametrize("players", [{"Item1": [MOSS], "Item2": [FERN]}, {"Item1": MOSS, "Item2": FERN}, [MOSS, FERN]])
def test_the_page_names_both_players_of_an_incident(
    supplier: Supplier, trader: Client, kind: int, players: Any
) -> None:
    incident = {"IncidentType": kind, "Seconds": 3600, "ParticipantPosition": "1", "Players": players}
    supplier.send(2, {"Livescore": {"Scoreboard": {"Status": 2}, "Periods": [{"Type": 20, "Incidents": [incident]}]}})

    shown = words(part(trader, "incidents"))
    assert "Moss A." in shown
    assert "Fern B." in shown


@pytest.mark.parametrize("number", [None, 5])
def test_two_sides_without_positions_that_nobody_knows_yet_are_two(number: Any) -> None:
    supplier = Supplier()
    supplier.describe(1)
    supplier.describe(1, Participants=[{"Id": number, "Name": "TBD"}] * 2)

    assert list(Participant.objects.order_by("position").values_list("position", "name")) == [(1, "TBD"), (2, "TBD")]


@pytest.mark.parametrize("number", [None, "", "TBD", 0])
def test_two_sides_that_nobody_knows_yet_are_two(number: Any) -> None:
    supplier = Supplier()
    supplier.describe(1, Participants=[{"Id": number, "Name": "TBD", "Position": str(n)} for n in (1, 2)])

    assert list(Participant.objects.order_by("position").values_list("position", "name")) == [(1, "TBD"), (2, "TBD")]
    assert Fixture.objects.get().name == "TBD v TBD"
