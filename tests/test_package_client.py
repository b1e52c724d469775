"""The client: what it sends, what it repeats, and that nothing it shows holds the password."""

import json
from typing import Any

import httpx
import pytest

from packages_admin import client
from packages_admin.outcome import Kind
from packages_admin.products import Action

from .packages import BASE, PASSWORD, answering, ask, unsaved_package

PAGE = "<html><h1>Sign in to the\nproxy</h1>"


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between attempts, in seconds; none of them is waited."""
    pauses: list[float] = []
    monkeypatch.setattr("packages_admin.client.time.sleep", pauses.append)
    return pauses


@pytest.mark.parametrize(
    ("product", "path", "body"),
    [
        (
            "hyper",
            "/livescore/package/activate",
            {"packageId": 123, "username": "ops@example.test", "password": PASSWORD},
        ),
        (
            "trade_in_play",
            "/livescore/Distribution/Start",
            {"PackageId": 123, "UserName": "ops@example.test", "Password": PASSWORD},
        ),
    ],
)
def test_it_sends_what_lsports_documents(product: str, path: str, body: dict[str, Any]) -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"message": "ok"})

    client.ask(unsaved_package(product), Action.ACTIVATE, transport=httpx.MockTransport(handler))
    (request,) = seen
    assert (request.method, request.url.path) == ("POST", path)
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.content) == body


def test_a_filter_goes_out_with_a_trade_snapshot() -> None:
    seen: list[Any] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.path, json.loads(request.content)))
        return httpx.Response(200, json={"Header": {}, "Body": []})

    reply = client.ask(
        unsaved_package("trade_pre_match"), Action.SNAPSHOT, {"Fixtures": [7]}, transport=httpx.MockTransport(handler)
    )
    assert seen[0][0] == "/livescore/PreMatch/GetEvents"
    assert seen[0][1]["Fixtures"] == [7]
    assert reply.body == b'{"Header":{},"Body":[]}'


def test_a_redirect_is_not_followed_with_the_password() -> None:
    outcome = ask(Action.STATUS, 302, "", location="https://elsewhere.example.test/")
    assert outcome.kind == Kind.UNEXPECTED
    assert outcome.sentence == (
        f"{BASE}/package/status sends us on to https://elsewhere.example.test/ (302). "
        "We do not follow: the password is in the call."
    )


def test_a_page_instead_of_json_is_named_as_such() -> None:
    outcome = ask(Action.STATUS, 200, PAGE, **{"content-type": "text/html; charset=x"})
    assert outcome.kind == Kind.NOT_JSON
    assert outcome.sentence == (
        "The answer (200) is not LSports' JSON but text/html: <html><h1>Sign in to the proxy</h1>."
    )


@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_password_that_lsports_echoes_is_blotted_out(status: int) -> None:
    outcome = ask(Action.ACTIVATE, status, {"message": f"bad: {PASSWORD}", "error": f"x{PASSWORD}"})
    shown = outcome.sentence + outcome.answer + repr(outcome)
    assert client.HIDDEN in outcome.sentence
    assert PASSWORD not in shown
    assert json.dumps(PASSWORD)[1:-1] not in shown


def test_a_password_that_is_a_word_of_the_answer_does_not_change_its_meaning() -> None:
    named = unsaved_package(password="active")
    reply = client.ask(named, Action.STATUS, transport=answering(200, {"status": "active"}))
    assert reply.outcome.is_active is True


def test_a_fault_of_our_own_is_told_and_logged_without_the_password(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("the desk is broken here")

    monkeypatch.setattr("packages_admin.client.bounded", broken)
    outcome = ask(Action.STATUS, 200, {})
    assert outcome.kind == Kind.UNEXPECTED
    assert outcome.sentence == "The call to api.example.test failed: RuntimeError."
    assert "the desk is broken here" in caplog.text
    assert PASSWORD not in caplog.text


def test_an_answer_without_end_is_not_read() -> None:
    reply = client.ask(unsaved_package(), Action.STATUS, most_bytes=100, transport=answering(200, "x" * 101))
    assert reply.outcome.kind == Kind.UNEXPECTED
    assert reply.outcome.sentence == "The answer of api.example.test is larger than 100 bytes: not read."
    most, package = 2_000_000, unsaved_package("trade_in_play")
    huge = client.ask(package, Action.SNAPSHOT, most_bytes=most, transport=answering(200, "x" * (most + 1)))
    assert huge.outcome.sentence == (
        "The answer of api.example.test is larger than 2,000,000 bytes: not read. "
        "Ask for a part: manage.py package snapshot ID --since TIME, or raise WIRE_MAX_BYTES."
    )


@pytest.mark.parametrize(
    ("action", "status", "attempts"),
    [
        (Action.ACTIVATE, 500, 3),
        (Action.DEACTIVATE, 502, 3),
        (Action.STATUS, 500, 3),
        (Action.SNAPSHOT, 500, 1),
        (Action.ACTIVATE, 400, 1),
        (Action.ACTIVATE, 200, 1),
    ],
)
def test_it_repeats_only_what_does_no_harm_twice(
    action: Action, status: int, attempts: int, slept: list[float]
) -> None:
    outcome = ask(action, status, {"message": "m"})
    assert outcome.attempts == attempts
    assert slept == [1.0] * (attempts - 1)


def test_it_leaves_trade_the_time_it_asks_for_between_equal_calls(slept: list[float]) -> None:
    ask(Action.STATUS, 500, {}, "trade_in_play")
    assert slept == [5.0, 5.0]


def test_a_passing_failure_is_gone_with_the_second_attempt() -> None:
    answers = iter([httpx.Response(500, json={}), httpx.Response(200, json={"status": "active"})])
    reply = client.ask(unsaved_package(), Action.STATUS, transport=httpx.MockTransport(lambda _: next(answers)))
    assert (reply.outcome.ok, reply.outcome.attempts) == (True, 2)
