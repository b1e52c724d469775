"""The simulated supplier's snapshots: whole, filtered, by time, within LSports' limits."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from feed.wire import decode
from feed.wire.messages import FixtureKind
from sandbox.api import serve
from sandbox.course import Fate
from sandbox.distribution import Distribution
from sandbox.limits import Limits
from sandbox.packages import Package
from sandbox.schedule import RACE
from sandbox.supplier import Supplier
from tests.sandbox_served import START, TRADE, Served


@pytest.fixture
def served() -> Iterator[Served]:
    served = Served()
    yield served
    served.close()


def fixture_ids(answer: httpx.Response) -> set[int]:
    assert answer.status_code == 200
    return {event["FixtureId"] for event in answer.json()["Body"]}


def test_a_snapshot_has_the_events_in_an_array_of_its_side(served: Served) -> None:
    served.sent(10)
    in_play = served.stm("/InPlay/GetEvents").json()
    assert in_play["Header"]["Type"] == 36
    assert all(event["Livescore"] and event["Markets"] is not None for event in in_play["Body"])
    pre_match = fixture_ids(served.stm("/PreMatch/GetFixtures"))
    assert pre_match
    assert not pre_match & fixture_ids(served.stm("/InPlay/GetFixtures"))


def test_a_snapshot_is_filtered_by_sport_league_location_fixture_and_start(served: Served) -> None:
    served.sent(10)
    events = served.stm("/InPlay/GetFixtures").json()["Body"]
    one = events[0]
    fixture = one["Fixture"]
    start = int(datetime.fromisoformat(fixture["StartDate"]).timestamp())

    def snapshot(**filters: Any) -> set[int]:
        return fixture_ids(served.stm("/InPlay/GetFixtures", **filters))

    assert snapshot(Fixtures=[one["FixtureId"]]) == {one["FixtureId"]}
    assert snapshot(Sports=[fixture["Sport"]["Id"]]) == {
        event["FixtureId"] for event in events if event["Fixture"]["Sport"] == fixture["Sport"]
    }
    assert snapshot(leagues=[fixture["League"]["Id"]], locations=[fixture["Location"]["Id"]]) >= {one["FixtureId"]}
    assert one["FixtureId"] in snapshot(FromDate=start, ToDate=start)
    assert one["FixtureId"] not in snapshot(FromDate=start + 1)
    assert snapshot(Sports=[1]) == set()
    assert snapshot(Tournaments=[fixture["League"]["Id"]]) == snapshot(Leagues=[fixture["League"]["Id"]])
    assert snapshot(Tournaments=[fixture["Season"]["Id"]]) >= {one["FixtureId"]}
    assert snapshot(Tournaments=[1]) == set()


def test_a_snapshot_by_timestamp_has_only_the_bets_changed_since(served: Served) -> None:
    served.sent(30)
    at = int(served.now.timestamp())
    served.sent(30)

    def bets(**filters: Any) -> int:
        body = served.stm("/InPlay/GetFixtureMarkets", **filters).json()["Body"]
        return sum(len(market["Bets"]) for event in body for market in event["Markets"])

    assert 0 < bets(Timestamp=at) < bets()
    assert bets(Timestamp=at + 3600) == 0
    one_market = served.stm("/InPlay/GetFixtureMarkets", Markets=[1]).json()["Body"]
    assert {market["Id"] for event in one_market for market in event["Markets"]} == {1}


@pytest.mark.parametrize(
    ("call", "key"),
    [
        ("GetOutrightEvents", "OutrightFixture"),
        ("GetOutrightFixture", "OutrightFixture"),
        ("GetOutrightFixtureMarkets", "Markets"),
    ],
)
def test_a_race_in_a_snapshot_stands_below_its_track(served: Served, call: str, key: str) -> None:
    served.sent(10)
    body = served.stm(f"/PreMatch/{call}").json()["Body"]
    assert body
    for track in body:
        assert track.keys() == {"Id", "Name", "Type", "Events"}
        assert track["Events"][0][key]


@pytest.mark.parametrize(
    ("call", "key", "is_wrapped"),
    [
        ("GetOutrightLeagues", "OutrightLeague", False),
        ("GetOutrightLeagueEvents", "OutrightLeague", True),
        ("GetOutrightLeagueMarkets", "Markets", True),
    ],
)
def test_a_season_in_a_snapshot_stands_below_its_league(served: Served, call: str, key: str, is_wrapped: bool) -> None:
    served.sent(10)
    body = served.stm(f"/PreMatch/{call}").json()["Body"]
    assert body
    for element in body:
        (league,) = element["Competition"] if is_wrapped else [element]
        assert league.keys() == {"Id", "Name", "Type", "NextFixtureStartTime", "Competitions"}
        assert league["Competitions"][0]["Events"][0][key]


def test_a_race_that_is_over_has_its_result_in_two_snapshots(served: Served) -> None:
    race = served.distribution.supplier.schedule.make(
        RACE, served.distribution.supplier.start + 1000, served.distribution.supplier.start, Fate.NORMAL
    )
    served.distribution.supplier.cover(race, served.distribution.supplier.start + 10)
    served.sent(300)
    of_race = {"Fixtures": [race.contest.card.fixture_id]}
    for call in ("GetOutrightEvents", "GetOutrightScores"):
        (track,) = served.stm(f"/PreMatch/{call}", **of_race).json()["Body"]
        (event,) = track["Events"]
        assert {place["Result"] for place in event["OutrightScore"]["ParticipantResults"]} >= {1, 2, 3}
        assert ("OutrightFixture" in event, bool(event["Markets"])) == ((call == "GetOutrightEvents"),) * 2


@pytest.mark.parametrize(
    "call",
    [
        "GetOutrightEvents",
        "GetOutrightFixture",
        "GetOutrightFixtureMarkets",
        "GetOutrightLeagues",
        "GetOutrightLeagueEvents",
        "GetOutrightLeagueMarkets",
    ],
)
def test_the_desk_reads_every_outright_snapshot_whole(served: Served, call: str) -> None:
    served.sent(10)
    answer = served.stm(f"/PreMatch/{call}")
    message = decode(answer.content)
    assert not message.set_aside
    assert len(message.events) == len(answer.json()["Body"]) > 0
    assert all(event.competitions and event.kind != FixtureKind.MATCH for event in message.events)


def markets_in(answer: httpx.Response) -> int:
    return sum(len(event["Markets"] or ()) for event in answer.json()["Body"])


def test_a_snapshot_may_be_incomplete(served: Served) -> None:
    served.sent(10)
    whole = served.stm("/InPlay/GetEvents")
    served.distribution.faults.start("snapshot-partly:0.5")
    part = served.stm("/InPlay/GetEvents")
    assert fixture_ids(part) < fixture_ids(whole)
    assert 0 < markets_in(part) < markets_in(whole)


def test_a_snapshot_may_come_late_while_other_calls_do_not(served: Served) -> None:
    served.distribution.faults.start("snapshot-late:0.3")
    assert served.stm("/InPlay/GetEvents").elapsed.total_seconds() >= 0.3
    assert served.stm("/Package/GetDistributionStatus").elapsed.total_seconds() < 0.3


def test_a_snapshot_may_never_be_answered(served: Served) -> None:
    served.distribution.faults.start("snapshot-never:0.3")
    with pytest.raises(httpx.RemoteProtocolError):
        served.stm("/InPlay/GetEvents")
    served.distribution.faults.stop("snapshot-never")
    assert served.stm("/InPlay/GetEvents").status_code == 200


def test_a_supplier_that_restarts_answers_no_snapshot(served: Served) -> None:
    served.sent(10)
    served.distribution.faults.start("restart:5")
    served.sent(1)
    assert served.stm("/InPlay/GetEvents").status_code == 503
    served.sent(5)
    assert served.stm("/InPlay/GetEvents").status_code == 200


def test_snapshots_are_limited_as_documented() -> None:
    now = [100.0]
    limits = Limits(lambda: now[0])
    assert limits.allow_snapshot(1, full=True)
    now[0] += 0.5
    assert not limits.allow_snapshot(1, full=False), "any two calls are a second apart"
    assert limits.allow_snapshot(2, full=False), "by package"
    now[0] += 1
    assert limits.allow_snapshot(1, full=False)
    now[0] += 2
    assert not limits.allow_snapshot(1, full=True), "full ones are 15 seconds apart"
    now[0] += 12
    assert limits.allow_snapshot(1, full=True)
    assert limits.allow_stm(1, "/distribution/start")
    assert not limits.allow_stm(1, "/distribution/start")
    assert limits.allow_stm(1, "/distribution/stop")
    now[0] += 5
    assert limits.allow_stm(1, "/distribution/start")


def test_too_many_requests_are_answered_429() -> None:
    server = serve(Distribution(Supplier(fixtures=0, start=START), [Package(id=123, user="u", password="p")]))
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        assert client.post("/InPlay/GetEvents", json=TRADE).status_code == 200
        answer = client.post("/InPlay/GetEvents", json=TRADE)
    server.close()
    assert answer.status_code == 429
    assert "full snapshot" in answer.json()["Header"]["Errors"][0]["Message"]
