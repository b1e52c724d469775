"""LSports' package APIs as the simulated supplier serves them, over real HTTP."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox.api import serve
from sandbox.outgoing import Feed
from sandbox.packages import FEEDS, Package, Product, parse_package
from tests.sandbox_served import CREDENTIALS, TRADE, Served


@pytest.fixture
def served() -> Iterator[Served]:
    served = Served()
    yield served
    served.close()


@pytest.mark.parametrize(
    ("before", "call", "text"),
    [
        (False, "snapshots/trigger", '{"success":true,"message":"Livescore snapshot request sent successfully",'),
        (False, "package/activate", '{"success":true,"message":"Package activation completed successfully",'),
        (True, "package/activate", '{"success":true,"message":"Package is already active",'),
        (True, "package/deactivate", '{"success":true,"message":"Package deactivation completed successfully",'),
        (False, "package/deactivate", '{"success":true,"message":"Package is already inactive",'),
        (True, "package/status", '{"success":true,"status":"active",'),
        (False, "package/status", '{"success":true,"status":"inactive",'),
    ],
)
def test_the_four_calls_answer_in_lsports_own_bytes(served: Served, before: bool, call: str, text: str) -> None:
    served.distribution.packages.by_id[123].active = before
    answer = served.livescore(call)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.content == (text + '"packageId":123,"username":"u"}').encode()


@pytest.mark.parametrize("call", ["snapshots/trigger", "package/activate", "package/deactivate", "package/status"])
@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"packageId": None}, "PackageId must be a positive integer"),
        ({"packageId": 0}, "PackageId must be a positive integer"),
        ({"packageId": -5}, "PackageId must be a positive integer"),
        ({"packageId": "123"}, "PackageId must be a positive integer"),
        ({"packageId": True}, "PackageId must be a positive integer"),
        ({"username": ""}, "Username is required"),
        ({"username": None}, "Username is required"),
        ({"password": ""}, "Password is required"),
        ({"password": "wrong"}, "Invalid package credentials"),
        ({"username": "someone"}, "Invalid package credentials"),
        ({"packageId": 999}, "Invalid package credentials"),
    ],
)
def test_a_bad_request_is_answered_400_with_lsports_text(
    served: Served, call: str, parameters: dict[str, Any], error: str
) -> None:
    answer = served.livescore(call, **parameters)
    assert answer.status_code == 400
    assert answer.content == f'{{"error":"{error}"}}'.encode()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff"])
def test_a_body_that_is_no_object_lacks_its_package_id(served: Served, body: bytes) -> None:
    answer = served.client.post("/api/livescore/package/status", content=body)
    assert (answer.status_code, answer.text) == (400, '{"error":"PackageId must be a positive integer"}')


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("snapshots/trigger", "Error message"),
        ("package/activate", "Failed to activate package"),
        ("package/deactivate", "Failed to deactivate package"),
        ("package/status", "Failed to get package status"),
    ],
)
def test_a_server_error_has_no_user_name(served: Served, call: str, message: str) -> None:
    served.distribution.faults.start("api-500")
    answer = served.livescore(call)
    assert answer.status_code == 500
    assert answer.content == f'{{"success":false,"message":"{message}","packageId":123}}'.encode()
    served.distribution.faults.stop("api-500")
    assert served.livescore(call).status_code == 200


def test_activating_starts_the_packages_messages_and_deactivating_stops_them(served: Served) -> None:
    assert served.sent(10) == []
    served.livescore("package/activate")
    assert served.sent(10)
    served.livescore("package/deactivate")
    assert served.sent(10) == []


def test_distribution_starts_and_stops_with_lsports_texts(served: Served) -> None:
    answers = [served.stm(f"/Distribution/{call}").json() for call in ("Start", "Start", "Stop", "Stop")]
    assert [answer["Body"]["Message"] for answer in answers] == [
        "Distribution is: Active",
        "Distribution is already Active",
        "Distribution is: Inactive",
        "Distribution is already Inactive",
    ]
    assert {answer["Header"]["HttpStatusCode"] for answer in answers} == {200}


def test_the_distributions_status_tells_its_queue(served: Served) -> None:
    served.stm("/Distribution/Start")
    served.sent(20)
    served.distribution.waiting[123] = 77
    body = served.stm("/Package/GetDistributionStatus").json()["Body"]
    assert body["IsDistributionOn"] is True
    assert body["NumberMessagesInQueue"] == 77
    assert body["MessagesPerSecond"] > 0
    assert body["Consumers"] == []


def test_the_distribution_api_is_answered_by_get_too_as_lsports_sdk_asks_it(served: Served) -> None:
    answer = served.client.get("/distribution/start", params=TRADE)
    assert answer.json()["Body"]["Message"] == "Distribution is: Active"


def test_trades_errors_stand_in_the_header(served: Served) -> None:
    answer = served.stm("/Distribution/Start", Password="no")
    assert answer.status_code == 400
    header = answer.json()["Header"]
    assert header["HttpStatusCode"] == 400
    assert header["Errors"] == [{"Message": "Invalid package credentials"}]


def test_a_trigger_sends_every_upcoming_fixture_to_the_fixtures_queue(served: Served) -> None:
    served.livescore("package/activate")
    served.sent(10)
    served.livescore("snapshots/trigger")
    upcoming = {coverage.fixture_id for coverage in served.distribution.supplier.upcoming()}
    again = [message for message in served.sent(0) if message.fixture_id in upcoming]
    assert upcoming
    assert {message.fixture_id for message in again if message.feeds == (Feed.FIXTURES,)}
    assert {message.fixture_id for message in again} == upcoming


@pytest.mark.parametrize("path", ["/api/livescore/package/delete", "/nothing", "/InPlay/GetNothing"])
def test_an_unknown_path_is_answered_404(served: Served, path: str) -> None:
    assert served.client.post(path, json=CREDENTIALS).status_code == 404


def test_livescore_is_not_answered_by_get(served: Served) -> None:
    assert served.client.get("/api/livescore/package/status").status_code == 405


def test_a_call_that_times_out_gets_no_answer(served: Served) -> None:
    served.distribution.faults.start("api-timeout:60")
    with pytest.raises(httpx.ReadTimeout):
        served.client.post("/api/livescore/package/status", json=CREDENTIALS, timeout=0.3)


def test_the_page_shows_the_faults_and_switches_them(served: Served) -> None:
    assert "Faults of the simulated supplier" in served.client.get("/faults").text
    answer = served.client.post("/faults/start", data={"fault": "lost", "number": "0.5"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/faults")
    assert served.distribution.faults.on == {"lost": 0.5}
    assert "share of messages: 0.5" in served.client.get("/").text
    served.client.post("/faults/stop", data={"fault": "lost"})
    assert served.distribution.faults.on == {}


@pytest.mark.parametrize("fault", ["", "fire", "lost:2", "delay:x"])
def test_a_fault_that_is_none_is_refused_in_words(served: Served, fault: str) -> None:
    answer = served.client.post("/faults/start", data={"fault": fault})
    assert answer.status_code == 400
    assert answer.text.strip()
    assert served.distribution.faults.on == {}


def test_another_sites_page_may_not_switch_anything(served: Served) -> None:
    answer = served.client.post("/faults/start", data={"fault": "lost"}, headers={"Origin": "http://elsewhere.test"})
    assert answer.status_code == 403
    assert served.distribution.faults.on == {}


def test_it_can_be_served_for_packages_alone() -> None:
    server = serve([Package(id=5, user="a", password="b")])
    answer = httpx.post(
        f"{server.url}/api/livescore/package/status",
        json={"packageId": 5, "username": "a", "password": "b"},
        trust_env=False,
    )
    server.close()
    assert answer.json()["status"] == "active"


def test_a_package_is_written_with_colons() -> None:
    package = parse_package("123:ops:pass:word")
    assert (package.id, package.user, package.password) == (123, "ops", "pass:word")
    assert package.product is None
    one = parse_package("123:ops:pass:word:trade-in-play")
    assert (one.password, one.product) == ("pass:word", Product.IN_PLAY)
    assert parse_package("123:ops:hyper").password == "hyper"
    for text in ("", "x:u:p", "0:u:p", "1:u", "1::p", "1::hyper"):
        with pytest.raises(ValueError, match="ID:USER:PASSWORD"):
            parse_package(text)


@pytest.mark.parametrize("product", Product)
def test_a_package_gets_the_messages_of_its_product_alone(served: Served, product: Product) -> None:
    package = served.distribution.packages.by_id[123]
    package.active, package.product = True, product
    sent = served.sent(10)
    assert sent
    assert all(set(outgoing.feeds) & set(FEEDS[product]) for outgoing in sent)


@pytest.mark.parametrize("product", Product)
def test_only_the_apis_of_its_product_know_a_package(served: Served, product: Product) -> None:
    served.distribution.packages.by_id[123].product = product
    statuses = {
        Product.HYPER: served.livescore("package/status").status_code,
        Product.IN_PLAY: served.stm("/InPlay/GetFixtures").status_code,
        Product.PRE_MATCH: served.stm("/PreMatch/GetFixtures").status_code,
    }
    assert statuses == {one: 200 if one is product else 400 for one in Product}
    start = served.stm("/Distribution/Start").status_code
    assert start == (400 if product is Product.HYPER else 200)
