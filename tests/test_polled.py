"""Pages that no websocket reaches: what a poll is answered, when it ends, and that it has a socket's limits."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.backends.db import SessionStore

from feed.live import running
from feed.live.page import PolledPage
from feed.live.running import running_hub
from feed.live.sockets import PageSocket
from feed.models import FeedSource
from livescore_site.edge import polled
from livescore_site.edge.front import SameOrigin
from livescore_site.edge.polled import MOST_BYTES, PATH, PolledPages
from tests.rows import make_trader

pytestmark = pytest.mark.django_db(transaction=True)
Poll = Callable[..., Awaitable["Answer"]]


class Answer:
    """What a poll was answered."""

    def __init__(self, sent: list[dict[str, Any]]) -> None:
        self.status = sent[0]["status"]
        self.headers = dict(sent[0]["headers"])
        body = sent[1]["body"]
        self.content: dict[str, Any] = json.loads(body) if body else {}

    @property
    def versions(self) -> dict[str, str]:
        """By topic, those that came."""
        return {
            topic: version for one in self.content["messages"] for topic, version in one.get("versions", {}).items()
        }


class Web:
    """A web process without Django's pages; `user` is who is signed in."""

    def __init__(self, user: User | AnonymousUser) -> None:
        self.user = user
        self.sockets: Any = PageSocket.as_asgi()
        self.passed_on: list[str] = []
        self.goes_away = asyncio.Event()

    async def inner(self, scope: Any, receive: Any, send: Any) -> None:
        self.passed_on.append(scope["method"])

    async def signed_in(self, scope: Any, receive: Any, send: Any) -> None:
        await self.sockets({**scope, "user": self.user, "session": SessionStore("session-of-ann")}, receive, send)

    async def post(self, body: bytes, method: str = "POST") -> list[dict[str, Any]]:
        """What is sent to a request with this body."""
        sent: list[dict[str, Any]] = []
        parts = [{"type": "http.request", "body": body[:10], "more_body": True}]
        parts += [{"type": "http.request", "body": body[10:]}]

        async def receive() -> Any:
            if parts:
                return parts.pop(0)
            await self.goes_away.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": method, "path": PATH, "scheme": "http", "headers": [(b"host", b"desk")]}
        await PolledPages(self.inner, self.signed_in)(scope, receive, send)
        return sent

    async def poll(self, watch: dict[str, str], *, wait: bool = False) -> Answer:
        async with asyncio.timeout(10):
            return Answer(await self.post(json.dumps({"watch": watch, "wait": wait}).encode()))


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    """Ann's; the hub is gone when the test ends."""
    yield Web(await database_sync_to_async(make_trader)())
    hub = running._hubs.pop(asyncio.get_running_loop(), None)
    if hub is not None:
        await hub.stop()


async def test_a_poll_is_answered_what_the_page_has_not_with_its_versions(web: Web):
    answer = await web.poll({"feed": "", "board": ""})
    assert (answer.status, answer.content["code"], answer.content["status"]["current"]) == (200, None, True)
    assert set(answer.versions) == {"feed", "board"}
    assert answer.headers[b"cache-control"] == b"no-store"
    again = await web.poll(answer.versions)
    assert (again.content["messages"], again.content["status"]["current"]) == ([], True)
    assert not running_hub().everyone
    assert not running_hub().topics.by_topic


async def test_one_that_waits_is_answered_when_something_changes(web: Web):
    have = (await web.poll({"feed": ""})).versions
    waiting = asyncio.create_task(web.poll(have, wait=True))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    assert len(running_hub().everyone) == 1
    await FeedSource.objects.acreate(name="in play", state="DOWN")
    running_hub().hint({"type": "feed.state"})
    assert set((await waiting).versions) == {"feed"}


async def test_one_that_waits_in_vain_ends_with_a_beat(web: Web, monkeypatch: pytest.MonkeyPatch):
    have = (await web.poll({"feed": ""})).versions
    monkeypatch.setattr(polled, "LEAST_SECONDS", 0.1)
    waiting = asyncio.create_task(web.poll(have, wait=True))
    await asyncio.sleep(0.3)
    running_hub().beat()
    answer = await waiting
    assert (answer.content["messages"], answer.content["status"]["current"]) == ([], True)
    assert answer.content["status"]["now"] - answer.content["status"]["read"] < 5000


async def test_what_cannot_be_read_is_not_said_to_be_current(web: Web, monkeypatch: pytest.MonkeyPatch):
    have = (await web.poll({"feed": ""})).versions
    monkeypatch.setattr(polled, "READ_SECONDS", 0.2)
    monkeypatch.setattr("feed.live.hub.hub.poll", lambda *_: 1 / 0)
    answer = await web.poll(have)
    assert (answer.content["messages"], answer.content["status"]["current"]) == ([], False)


async def test_one_whose_page_has_gone_ends_at_once(web: Web):
    have = (await web.poll({"feed": ""})).versions
    waiting = asyncio.create_task(web.poll(have, wait=True))
    await asyncio.sleep(0.1)
    web.goes_away.set()
    async with asyncio.timeout(1):
        await waiting
    assert not running_hub().everyone


@pytest.mark.parametrize(("who", "code"), [("a stranger", 4401), ("a guest", 4403)])
async def test_who_may_not_follow_is_told_as_by_a_socket(web: Web, who: str, code: int):
    web.user = await User.objects.acreate_user("bob") if who == "a guest" else AnonymousUser()
    answer = await web.poll({"feed": ""})
    assert (answer.content["code"], answer.content["messages"]) == (code, [])


async def test_a_process_that_ends_sends_its_pages_to_another(web: Web):
    running_hub().is_ending = True
    assert (await web.poll({"feed": ""})).content["code"] == 1012


async def test_a_page_of_somebody_elses_is_refused(web: Web):
    web.sockets = SameOrigin(web.sockets, [])
    assert (await web.poll({"feed": ""})).status == 403


async def test_it_may_show_no_more_than_by_a_socket(web: Web):
    answer = await web.poll({f"board?q=word{place}": "" for place in range(1000)})
    assert answer.content["code"] == 4429
    assert "more than a single page may follow" in answer.content["messages"][-1]["closing"]


async def test_whoever_polls_too_often_is_refused(web: Web, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(PolledPage, "message_work", 9_000)
    codes = [(await web.poll({"feed": ""})).content["code"] for _ in range(4)]
    assert codes[:2] == [None, None]
    assert codes[3] == 4429


@pytest.mark.parametrize("body", [b"{", b"{}", b'{"watch": 1}', b" " * (MOST_BYTES + 1)])
async def test_what_no_page_of_ours_would_send_is_refused(web: Web, body: bytes):
    assert (await web.post(body))[0]["status"] == 400


async def test_all_but_polls_is_passed_on(web: Web):
    assert await web.post(b"", method="GET") == []
    assert web.passed_on == ["GET"]
