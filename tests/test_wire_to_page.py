"""From the bytes that LSports sends, through the loop, to what the fixture's page says then."""

import re
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from feed.ingest.loop import Ingest
from feed.models import FeedSource
from tests.feed_messages import NOON, ListTransport, message

pytestmark = pytest.mark.django_db

FOOTBALL, TENNIS = {"Id": 6046, "Name": "Football"}, {"Id": 54094, "Name": "Tennis"}
IN_PLAY, FINISHED = 2, 3
GOAL = 9


@pytest.fixture
def source() -> FeedSource:
    return FeedSource.objects.create(name="Meadow in-play", kind=FeedSource.Kind.QUEUE)


@pytest.fixture
def trader(client: Client) -> Client:
    ann = User.objects.create_user("ann")
    ann.groups.add(Group.objects.get_or_create(name="trader")[0])
    client.force_login(ann)
    return client


def fixture(sport: dict[str, Any]) -> bytes:
    sides = [{"Id": 70 + n, "Name": name, "Position": str(n)} for n, name in ((1, "Northfield"), (2, "Southport"))]
    described = {"Sport": sport, "StartDate": "2026-11-20T12:00:00Z", "LastUpdate": "2026-11-20T11:00:00Z"}
    described |= {"Status": IN_PLAY, "Participants": sides}
    return message(1, {"Events": [{"FixtureId": 7, "Fixture": described}]}, seq=1)


def scores(home: int, away: int) -> list[dict[str, str]]:
    return [{"Position": "1", "Value": str(home)}, {"Position": "2", "Value": str(away)}]


def goal(seconds: int) -> dict[str, Any]:
    return {"IncidentType": GOAL, "Seconds": seconds, "ParticipantPosition": "1", "Results": scores(1, 0)}


def livescore(after: int, home: int, away: int, periods: list[dict[str, Any]], status: int = IN_PLAY) -> bytes:
    """Sent so many seconds after noon."""
    scoreboard = {
        "Status": status,
        "CurrentPeriod": periods[-1]["Type"],
        "Time": str(after),
        "Results": scores(home, away),
    }
    event = {"FixtureId": 7, "Livescore": {"Scoreboard": scoreboard, "Periods": periods, "Statistics": []}}
    return message(2, {"Events": [event]}, sent_at=NOON + timedelta(seconds=after), seq=after)


def period(kind: int, home: int, away: int, *incidents: dict[str, Any]) -> dict[str, Any]:
    return {"Type": kind, "IsFinished": False, "Results": scores(home, away), "Incidents": list(incidents)}


def market(after: int, *bets: tuple[int, str, str]) -> bytes:
    """A market of some bets: id, name, price."""
    at = (NOON + timedelta(seconds=after)).isoformat()
    bets_sent = [{"Id": pk, "Name": name, "Status": 1, "Price": price, "LastUpdate": at} for pk, name, price in bets]
    event = {"FixtureId": 7, "Markets": [{"Id": 1, "Name": "1X2", "Bets": bets_sent}]}
    return message(3, {"Events": [event]}, sent_at=NOON + timedelta(seconds=after), seq=after)


def xml_tennis(after: int, *periods: str) -> bytes:
    """The seed's own form of a livescore, as a whole message."""
    sent = int(NOON.timestamp()) + after
    header = f"<Header><Type>2</Type><MsgId>{after}</MsgId><ServerTimestamp>{sent}</ServerTimestamp></Header>"
    periods_sent = "".join(
        f'<Period Type="{kind}" IsFinished="false" IsConfirmed="false"><Score Position="1">40</Score>'
        '<Score Position="2">30</Score></Period>'
        for kind in periods
    )
    livescore = (
        f'<Livescore><Scoreboard Status="2" CurrentPeriod="1" Time="-1"/><Periods>{periods_sent}</Periods></Livescore>'
    )
    event = f'<Event FixtureId="7">{livescore}</Event>'
    return f"<Message>{header}<Body><Events>{event}</Events></Body></Message>".encode()


def shown(trader: Client, source: FeedSource, part: str, *bodies: bytes) -> str:
    """The text of a part of the page after these messages, each in a batch of its own."""
    for body in bodies:
        Ingest(ListTransport([body]), source).run()
    page = lxml.html.fromstring(trader.get("/fixtures/7/").content)
    return re.sub(r"\s+", " ", page.get_element_by_id(f"{part}-7").text_content()).strip()


def test_the_game_is_no_longer_a_period_when_period_60_is_gone(trader: Client, source: FeedSource) -> None:
    with_game = livescore(60, 0, 1, [period(1, 3, 6), period(60, 40, 30)])
    assert "40" in shown(trader, source, "periods", fixture(TENNIS), with_game)
    assert "40" not in shown(trader, source, "periods", livescore(120, 0, 2, [period(1, 3, 6), period(2, 4, 6)]))


def test_the_same_goes_for_a_livescore_in_xml(trader: Client, source: FeedSource) -> None:
    assert "Game" in shown(trader, source, "periods", fixture(TENNIS), xml_tennis(60, "1", "60"))
    assert "Game" not in shown(trader, source, "periods", xml_tennis(120, "1"))


def test_a_delta_with_one_bet_leaves_its_neighbours_on_the_page(trader: Client, source: FeedSource) -> None:
    whole, delta = market(1, (1, "1", "2.1"), (2, "X", "3.3"), (3, "2", "3.7")), market(2, (2, "X", "3.45"))
    page = shown(trader, source, "markets", fixture(FOOTBALL), whole, delta)
    for price in ("2.10", "3.45", "3.70"):
        assert price in page
    assert "3.30" not in page


def test_a_score_that_goes_back_is_shown_as_corrected(trader: Client, source: FeedSource) -> None:
    messages = livescore(60, 1, 0, [period(10, 1, 0, goal(50))]), livescore(120, 0, 0, [period(10, 0, 0)])
    page = shown(trader, source, "scoreboard", fixture(FOOTBALL), *messages)
    assert "Corrected by LSports" in page
    assert "was 1:0" in page


def test_an_incident_after_the_final_status_appears(trader: Client, source: FeedSource) -> None:
    over = livescore(5400, 0, 0, [period(20, 0, 0)], FINISHED)
    assert "None so far." in shown(trader, source, "incidents", fixture(FOOTBALL), over)
    late = livescore(5500, 1, 0, [period(20, 1, 0, goal(5390))], FINISHED)
    assert "Goal" in shown(trader, source, "incidents", late)
    assert "Finished" in shown(trader, source, "scoreboard")
