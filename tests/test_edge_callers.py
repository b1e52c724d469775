"""Whoever sends requests has some of them inside at a time, and some seconds of the desk's time."""

import asyncio
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from accounts.sessions import CALLER
from feed.api.rates import SPENT, Rate
from feed.live import allowance
from feed.live.allowance import Allowance
from livescore_site.edge import admission as admission_module
from livescore_site.edge import callers
from livescore_site.edge.admission import Admission
from livescore_site.edge.callers import (
    AT_ONCE,
    GIVES_WAY,
    LOOP_SECONDS,
    MOST_PAUSE,
    MOST_SESSIONS,
    SECONDS,
    TOOK,
    Callers,
    Meter,
    shown_by,
)
from tests.stream_client import make_token

#: Headers of a refusal that are the same whoever refuses.
SAME = {"content-type", "cache-control", "retry-after", "ratelimit", "ratelimit-policy"} | {
    f"access-control-{name}" for name in ("allow-origin", "expose-headers")
}
TOKEN = [(b"authorization", b"Bearer of-somebody")]


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [1000.0]
    monkeypatch.setattr(allowance.time, "monotonic", lambda: moment[0])
    return moment


def scope(headers: list[tuple[bytes, bytes]], **more: Any) -> dict[str, Any]:
    return {"type": "http", "client": ["192.0.2.1", 1], "path": "/api/v1/feed/", "headers": headers, **more}


def session(key: str) -> list[tuple[bytes, bytes]]:
    return [(b"cookie", f"csrftoken=x; sessionid={key}".encode())]


def test_nobody_is_a_caller_who_shows_nothing():
    assert shown_by(scope([])) == ""
    assert shown_by(scope([(b"cookie", b"csrftoken=x; my_sessionid=1")])) == ""


def test_a_token_and_a_session_are_callers_whose_secrets_are_not_kept():
    shown = [shown_by(scope(headers)) for headers in (TOKEN, session("a"), session("b"))]
    assert len(set(shown)) == 3
    assert not any("of-somebody" in text or "sessionid" in text for text in shown)


@pytest.mark.parametrize(
    "cookie",
    [
        "sessionid=abc; csrftoken=1",
        "sessionid=nobody; sessionid=abc",
        "sessionid =abc",
        'sessionid="abc"',
        'sessionid="a\\142c"',
    ],
)
@pytest.mark.parametrize("authorization", ["", "Basic 1", "Bearer forged"])
def test_however_a_session_is_written_it_is_one_caller(cookie: str, authorization: str):
    headers = [(b"cookie", cookie.encode()), (b"authorization", authorization.encode())]
    read = RequestFactory().get("/", headers={"cookie": cookie})
    assert read.COOKIES["sessionid"] == "abc"
    assert shown_by(scope(headers, path="/")) == shown_by(scope(session("abc")))


def test_however_a_token_is_written_it_is_one_caller():
    ways = [b"Bearer abc", b"bearer   abc", b"BEARER abc "]
    forged = (b"cookie", b"sessionid=forged")
    assert len({shown_by(scope([(b"authorization", way), forged])) for way in ways}) == 1


async def test_the_first_request_of_a_session_is_counted_as_its_users():
    desk = Callers()
    found = scope(session("a"), **{CALLER: "user 7", TOOK: SECONDS + 1.0})
    caller = desk.caller(found)
    assert await desk.enter(caller, 1.0)
    desk.leave(caller, found)
    assert desk.is_spent("user 7")


async def test_one_caller_has_a_few_requests_inside_and_others_come_in_meanwhile():
    inside: list[str] = []
    hold = asyncio.Event()

    async def site(scope: dict[str, Any], receive: Any, send: Any) -> None:
        inside.append(shown_by(scope))
        await hold.wait()

    admission = Admission(site, places=100)
    many = [asyncio.create_task(admission(scope(TOKEN), None, None)) for _ in range(AT_ONCE + 5)]
    other = asyncio.create_task(admission(scope(session("a")), None, None))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert inside.count(shown_by(scope(TOKEN))) == AT_ONCE
    assert shown_by(scope(session("a"))) in inside
    hold.set()
    await asyncio.gather(*many, other)
    assert len(inside) == AT_ONCE + 6


async def test_who_has_used_up_their_seconds_has_one_request_inside_which_gives_way():
    inside: list[bool] = []
    hold = asyncio.Event()

    async def site(scope: dict[str, Any], receive: Any, send: Any) -> None:
        inside.append(scope[GIVES_WAY])
        await hold.wait()

    admission = Admission(site, places=100)
    desk, _ = admission.of_loop()
    ann = session("of-ann")
    desk.users[shown_by(scope(ann))] = "user 1"
    first = asyncio.create_task(admission(scope(ann), None, None))
    await asyncio.sleep(0)
    desk.time.take("user 1", SECONDS + 0.05)
    more = [asyncio.create_task(admission(scope(ann), None, None)) for _ in range(3)]
    await asyncio.sleep(0.01)
    assert inside == [False]
    hold.set()
    await asyncio.gather(first, *more)
    assert inside == [False, True, True, True]


async def test_who_shows_nothing_a_session_that_is_nobodys_yet_and_a_program_give_way():
    seen: list[bool] = []

    async def site(scope: dict[str, Any], receive: Any, send: Any) -> None:
        seen.append(scope[GIVES_WAY])
        if b"sessionid=of-ann" in dict(scope["headers"]).get(b"cookie", b""):
            scope[CALLER] = "user 1"

    admission = Admission(site, places=1)
    for headers in ([], session("of-ann"), session("of-ann"), session("forged"), session("forged"), TOKEN):
        await admission(scope(headers), None, None)
    assert seen == [True, True, False, True, True, True]


async def test_who_has_used_up_their_seconds_waits_with_each_further_request(
    now: list[float], monkeypatch: pytest.MonkeyPatch
):
    pauses: list[float] = []

    async def note(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(callers.asyncio, "sleep", note)
    desk = Callers()
    for took in (SECONDS - LOOP_SECONDS, 0.2 - LOOP_SECONDS, 100.0, 0.0):
        assert await desk.enter("ann", seconds=1.0)
        desk.leave("ann", scope([], **{TOOK: took}))
    assert await desk.enter("bob", seconds=1.0)
    assert pauses == pytest.approx([0.0, 0.0, 0.2 / (settings.CALLER_PERCENT / 100), MOST_PAUSE, 0.0])
    now[0] += MOST_PAUSE
    assert await desk.enter("ann", seconds=1.0)
    assert pauses[-1] == pytest.approx(0.0)


async def answer(admission: Admission, scope: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    messages: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    await admission(scope, None, send)
    begin, body = messages
    return begin["status"], {name.decode(): value.decode() for name, value in begin["headers"]}, body["body"]


async def test_a_token_whose_minute_is_used_up_is_refused_before_the_site_until_it_ends(
    now: list[float], monkeypatch: pytest.MonkeyPatch
):
    paths: list[str] = []

    async def site(scope: dict[str, Any], receive: Any, send: Any) -> None:
        paths.append(scope["path"])
        if scope["path"].startswith("/api/") and len(paths) == 1:
            scope[SPENT] = Rate(120, -1, 30)

    monkeypatch.setattr(admission_module, "REFUSAL_SECONDS", 0.0)
    admission = Admission(site, places=1)
    await admission(scope(TOKEN), None, None)
    now[0] += 10
    status, headers, body = await answer(admission, scope(TOKEN, path="/api/v1/fixtures/"))
    assert status == 429
    assert headers["content-type"] == "application/problem+json"
    assert headers["retry-after"] == "20"
    assert headers["ratelimit"] == '"requests";r=0;t=20'
    assert b"120 requests a minute" in body
    await admission(scope(TOKEN, path="/metrics"), None, None)
    await admission(scope([(b"authorization", b"Bearer of-another")]), None, None)
    now[0] += 20
    await admission(scope(TOKEN), None, None)
    assert paths == ["/api/v1/feed/", "/metrics", "/api/v1/feed/", "/api/v1/feed/"]


@pytest.mark.django_db
@pytest.mark.parametrize("origin", ["https://program.example.com", "https://elsewhere.example.com"])
def test_the_edge_refuses_in_the_words_and_headers_of_the_api(
    monkeypatch: pytest.MonkeyPatch, settings: Any, origin: str
):
    settings.CORS_ALLOWED_ORIGINS = ["https://program.example.com"]
    monkeypatch.setattr(admission_module, "REFUSAL_SECONDS", 0.0)
    secret = make_token(most_requests_per_minute=1)[1]
    program = Client(headers={"authorization": f"Bearer {secret}", "origin": origin})
    assert program.get("/api/v1/feed/").status_code == 200
    refusal = program.get("/api/v1/feed/")
    rate = Rate(1, -1, int(refusal["Retry-After"]))

    async def site(scope: dict[str, Any], receive: Any, send: Any) -> None:
        scope[SPENT] = rate

    async def spend_and_ask() -> tuple[int, dict[str, str], bytes]:
        admission = Admission(site, places=1)
        await admission(scope(TOKEN), None, None)
        return await answer(admission, scope([*TOKEN, (b"origin", origin.encode())]))

    status, headers, body = asyncio.run(spend_and_ask())
    assert (status, body) == (refusal.status_code, refusal.content)
    by_api = {name.lower(): value for name, value in refusal.headers.items() if name.lower() in SAME}
    assert {name: value for name, value in headers.items() if name in SAME} == by_api


def test_what_a_request_waits_for_is_not_counted(monkeypatch: pytest.MonkeyPatch):
    clock = iter([5.0, 5.25])
    monkeypatch.setattr(callers.time, "thread_time", lambda: next(clock))
    request = ASGIRequest({"type": "http", "method": "GET", "path": "/", "headers": []}, None)
    Meter(lambda request: HttpResponse())(request)
    assert request.scope[TOOK] == 0.25


async def test_all_sessions_of_a_user_are_one_caller_once_each_was_seen():
    desk = Callers()
    for key in "ab":
        found = scope(session(key), **{CALLER: "user 7"})
        caller = desk.caller(found)
        assert await desk.enter(caller, 1.0)
        desk.leave(caller, found)
    assert {desk.caller(scope(session(key))) for key in "ab"} == {"user 7"}
    assert desk.caller(scope(session("c"))) == shown_by(scope(session("c")))


async def test_no_more_sessions_are_remembered_than_stated(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("livescore_site.edge.callers.MOST_SESSIONS", 3)
    desk = Callers()
    for number in range(MOST_SESSIONS % 7 + 5):
        found = scope(session(str(number)), **{CALLER: f"user {number}"})
        assert await desk.enter("x", 1.0)
        desk.leave("x", found)
    assert len(desk.users) == 3


@given(st.lists(st.tuples(st.floats(0, 30), st.floats(0, 10)), max_size=30))
def test_nobody_ever_takes_more_than_the_allowance_and_what_comes_in_time(steps: list[tuple[float, float]]):
    with pytest.MonkeyPatch.context() as patch:
        moment = [0.0]
        patch.setattr(allowance.time, "monotonic", lambda: moment[0])
        made, taken = Allowance(10.0, 0.5), 0.0
        for pause, much in steps:
            moment[0] += pause
            if made.of("ann") >= much:
                assert made.take("ann", much)
                taken += much
        assert taken <= 10.0 + 0.5 * moment[0] + 1e-6
