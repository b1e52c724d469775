"""Who does not take part in a race has no open price, whatever says so; who comes back has."""

from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from django.test import Client

from feed.ingest.loop import Ingest
from feed.models import FeedSource, Fixture
from tests.feed_messages import ListTransport, message
from tests.rows import make_trader

from .test_case_kinds import Supplier, reasons

pytestmark = pytest.mark.django_db

COPPER, STONE = 7001, 7002
RUNS, ABSENT = [], ["not_running"]


class Race(Supplier):
    """Two runners, bets 21 and 22 on them."""

    def tell(self, kind: int, event: dict[str, Any]) -> None:
        self.sent_at += timedelta(seconds=1)
        node = {"Id": 4620, "Name": "Fenmoor", "Type": 1, "Events": [{"FixtureId": 7, **event}]}
        Ingest(ListTransport([message(kind, {"Competition": node}, sent_at=self.sent_at)]), self.source).run()
        FeedSource.objects.filter(pk=self.source.pk).update(state="up", last_message_at=self.sent_at)

    def card(self, **stone: Any) -> None:
        runners = [{"Id": COPPER, "Name": "Copper Lane", "Position": "2", "IsActive": 1}]
        runners.append({"Id": STONE, "Name": "Dry Stone", "Position": "3"} | stone)
        described = {"Sport": {"Id": 687888, "Name": "Horse Racing"}, "Status": 1, "Participants": runners}
        self.tell(37, {"OutrightFixture": described | {"LastUpdate": self.sent_at.isoformat()}})

    def price(self, **stone: Any) -> None:
        bets = [self.bet(21, Name="Copper Lane", ParticipantId=COPPER), self.bet(22, **({"Name": "Dry Stone"} | stone))]
        self.tell(40, {"Markets": [{"Id": 274, "Name": "Outright Winner", "Bets": bets}]})

    def result(self, stone: str) -> None:
        results = [{"ParticipantId": STONE, "Name": "Dry Stone", "Result": stone}]
        self.tell(39, {"OutrightScore": {"Status": 1, "ParticipantResults": results}})


@pytest.mark.parametrize("is_active", [0, False, "0", "false"])
@pytest.mark.parametrize("named", [{"ParticipantId": STONE}, {}, {"ParticipantId": 0}, {"Name": " dry  STONE"}])
def test_a_price_on_a_runner_that_is_not_active_is_closed(is_active: Any, named: dict[str, Any]) -> None:
    race = Race()
    race.card(IsActive=is_active)
    race.price(**named)

    assert reasons() == {21: RUNS, 22: ABSENT}


@pytest.mark.parametrize("result", ["NR", "Non-Runner", "non runner", "Withdrawn", "W/D", "Scratched"])
def test_a_price_on_a_runner_whose_result_is_that_it_did_not_run_is_closed(result: str) -> None:
    race = Race()
    race.card()
    race.price()
    race.result(result)

    assert reasons() == {21: RUNS, 22: ABSENT}


@pytest.mark.parametrize("result", ["", "1", "PU", "F", "2nd", "DNF"])
def test_other_results_close_nothing(result: str) -> None:
    race = Race()
    race.card()
    race.price()
    race.result(result)

    assert reasons() == {21: RUNS, 22: RUNS}


def test_a_runner_that_is_withdrawn_and_comes_back_is_told_everywhere(client: Client) -> None:
    client.force_login(make_trader())
    race = Race()
    race.card()
    race.price()
    for change, wanted in (({"IsActive": 0}, ABSENT), ({"IsActive": 1}, RUNS)):
        race.card(**change)
        bet = client.get("/api/v1/fixtures/7/").json()["markets"]["274"]["providers"]["0"]["bets"]["22"]
        assert (bet["open"], bet["closed_because"]) == (not wanted, wanted)
        page = lxml.html.fromstring(client.get("/fixtures/7/").content)
        for cell in page.xpath('//td[@data-bet="0/22"]'):
            assert ("px--open" in cell.get("class").split()) == (not wanted)
    assert Fixture.objects.get().non_runners == ""


def test_a_price_on_somebody_whom_no_description_names_has_a_row_on_the_card(client: Client) -> None:
    client.force_login(make_trader())
    race = Race()
    race.card()
    race.price(Name="Late Entry", ParticipantId=7009)

    card = lxml.html.fromstring(client.get("/fixtures/7/").content).get_element_by_id("card-7")
    assert [name in card.text_content() for name in ("Copper Lane", "Dry Stone", "Late Entry")] == [True] * 3
