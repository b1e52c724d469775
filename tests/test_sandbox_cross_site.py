"""The simulated supplier is not to be switched by a page of another site."""

from collections.abc import Iterator

import pytest

from tests.sandbox_served import TRADE, Served

STOP = "/Distribution/Stop"
FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Host": "evil.example:8000"},
    {"Host": "127.0.0.1.evil.example", "Origin": "http://127.0.0.1.evil.example"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
]


@pytest.fixture
def served() -> Iterator[Served]:
    served = Served()
    served.distribution.packages.by_id[123].active = True
    yield served
    served.close()


@pytest.mark.parametrize("headers", [*FOREIGN, {"Sec-Fetch-Site": "same-site"}])
def test_a_post_of_another_site_is_refused(headers: dict[str, str], served: Served) -> None:
    answer = served.client.post(STOP, json=TRADE, headers=headers)
    assert answer.status_code == 403
    assert served.client.post("/faults/start", data={"fault": "api-500"}, headers=headers).status_code == 403
    assert served.distribution.packages.by_id[123].active
    assert not served.distribution.faults.number("api-500")


@pytest.mark.parametrize("headers", [*FOREIGN, {"User-Agent": "Mozilla/5.0 (X11)"}, {"Sec-Fetch-Mode": "navigate"}])
def test_a_get_that_a_browser_was_made_to_send_switches_nothing(headers: dict[str, str], served: Served) -> None:
    assert served.client.get(STOP, params=TRADE, headers=headers).status_code == 403
    assert served.distribution.packages.by_id[123].active


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:9", "supplier:8080"])
def test_lsports_clients_ask_by_get_under_any_plain_name(host: str, served: Served) -> None:
    assert served.client.get(STOP, params=TRADE, headers={"Host": host}).status_code == 200
    assert not served.distribution.packages.by_id[123].active


def test_which_messages_were_lost_is_read_only_here(served: Served) -> None:
    served.distribution.faults.start("drop:1")
    served.sent(10)
    assert [lost["number"] for lost in served.client.get("/faults/dropped").json()] == [1]
    assert served.client.get("/faults/dropped", headers={"Host": "evil.example"}).status_code == 403


def test_a_fault_is_aimed_and_bounded_over_http(served: Served) -> None:
    drop = {"fault": "drop", "number": "1"}
    assert served.client.post("/faults/start", data={**drop, "market": "1", "type": "3"}).status_code == 303
    served.sent(30)
    assert [(lost["market"], lost["type"]) for lost in served.client.get("/faults/dropped").json()] == [(1, 3)]
    for wrong in ({**drop, "number": "1e9"}, {**drop, "market": "odds"}, {"fault": "purge", "number": "2"}):
        assert served.client.post("/faults/start", data=wrong).status_code == 400
    assert served.client.post("/faults/everything", data=drop).status_code == 400


def test_the_faults_page_is_not_read_through_another_name(served: Served) -> None:
    assert served.client.get("/faults", headers={"Host": "evil.example"}).status_code == 403
    assert served.client.get("/faults").status_code == 200
