"""One user and one address may have only so many sockets open, and are told why they get no more."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from livescore_site.edge import crowd
from livescore_site.edge.crowd import TOO_MUCH, by_address, by_session, by_user


class Socket:
    """A client's side."""

    def __init__(self, address: str = "192.0.2.1", user: Any = None, headers: Sequence[Any] = ()) -> None:
        self.scope = {"type": "websocket", "client": [address, 1], "user": user, "headers": headers}
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    async def visit(self, crowd: Any) -> None:
        await crowd(self.scope, self.receive, self.send)


def user(pk: int) -> SimpleNamespace:
    return SimpleNamespace(pk=pk, is_authenticated=True)


async def held_open(make: Any, most: int, first: list[Socket], then: Socket) -> Socket:
    """What `then` receives while the first ones are open; afterwards all are closed."""
    end = asyncio.Event()

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        await end.wait()

    crowd = make(inner, most)
    visits = [asyncio.create_task(socket.visit(crowd)) for socket in [*first, then]]
    await asyncio.sleep(0.01)
    end.set()
    await asyncio.gather(*visits)
    assert not crowd.open
    return then


async def test_one_more_than_a_user_may_have_is_told_so():
    last = await held_open(by_user, 2, [Socket(user=user(7)), Socket(user=user(7))], Socket(user=user(7)))
    assert [message["type"] for message in last.sent] == ["websocket.accept", "websocket.close"]
    assert (last.sent[1]["code"], last.sent[1]["reason"]) == (TOO_MUCH, "You have 2 pages open: close some")


async def test_another_user_and_a_stranger_are_not_counted_with_him():
    first = [Socket(user=user(7)), Socket(user=user(7))]
    assert not (await held_open(by_user, 2, first, Socket(user=user(8)))).sent
    assert not (await held_open(by_user, 1, [Socket()], Socket())).sent


async def test_an_address_has_its_limit_whoever_is_there():
    last = await held_open(by_address, 1, [Socket("192.0.2.1")], Socket("192.0.2.1"))
    assert last.sent[1]["code"] == TOO_MUCH
    assert not (await held_open(by_address, 1, [Socket("192.0.2.1")], Socket("192.0.2.2"))).sent


async def test_who_opens_sockets_too_often_waits_and_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(crowd, "HELD_SECONDS", 0.0)

    async def inner(scope: Any, receive: Any, send: Any) -> None: ...

    door = by_address(inner, 2)
    sockets = [Socket() for _ in range(crowd.OPENED_AT_ONCE + 3)]
    for socket in sockets:
        await socket.visit(door)
    assert not any(socket.sent for socket in sockets[: crowd.OPENED_AT_ONCE])
    assert (sockets[-1].sent[1]["code"], sockets[-1].sent[1]["reason"]) == (crowd.TRY_LATER, crowd.TOO_OFTEN)
    stranger = Socket("192.0.2.2")
    await stranger.visit(door)
    assert not stranger.sent


def test_those_that_come_too_often_are_answered_one_after_the_other():
    door = by_user(SimpleNamespace, 100)
    waits = [door.held_seconds("7", now=50.0) for _ in range(100)]
    assert waits[0] == crowd.HELD_SECONDS
    steps = {round(later - earlier, 6) for earlier, later in pairwise(waits)}
    assert steps == {crowd.HELD_SECONDS / 100}
    assert door.held_seconds("8", now=50.0) == crowd.HELD_SECONDS


def test_however_many_come_too_often_none_waits_longer_than_twice_as_long():
    door = by_user(SimpleNamespace, 100)
    assert max(door.held_seconds("7", now=50.0) for _ in range(1000)) == 2 * crowd.HELD_SECONDS


async def test_of_those_that_come_too_often_only_as_many_wait_as_may_be_open(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(crowd, "OPENED_AT_ONCE", 2)
    monkeypatch.setattr(crowd, "HELD_SECONDS", 0.05)
    first = [Socket(user=user(7)) for _ in range(4)]
    last = await held_open(by_user, 2, first, Socket(user=user(7)))
    assert [message["type"] for message in last.sent] == ["websocket.close"]
    assert [len(socket.sent) for socket in first] == [0, 0, 2, 2]


async def test_a_session_that_opens_sockets_too_often_is_held_before_anybody_asks_whose_it_is(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(crowd, "HELD_SECONDS", 0.0)
    scopes: list[Any] = []

    async def whose(scope: Any, receive: Any, send: Any) -> None:
        scopes.append(scope)

    door = by_session(whose, 2)
    sockets = [Socket(headers=[(b"cookie", b"sessionid=one")]) for _ in range(crowd.OPENED_AT_ONCE + 3)]
    for socket in [*sockets, Socket(headers=[(b"cookie", b"sessionid=other")]), Socket()]:
        await socket.visit(door)
    assert sockets[-1].sent[1]["reason"] == crowd.TOO_OFTEN
    assert len(scopes) == crowd.OPENED_AT_ONCE + 2
