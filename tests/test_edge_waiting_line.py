"""The line before the desk's places: bounded, in turns, and no place is lost when somebody goes away."""

import asyncio
from typing import Any

import pytest

from livescore_site.edge.admission import Admission
from livescore_site.edge.waiting_line import WaitingLine

SOON, LONG = 0.02, 5.0


async def inside(line: WaitingLine, address: str, number: int) -> None:
    for _ in range(number):
        assert await line.enter(address, SOON)


async def test_whoever_comes_while_there_is_room_walks_in():
    line = WaitingLine(places=2, share=lambda _: 2, most_waiting=9)
    assert await line.enter("a", SOON)
    assert await line.enter("b", SOON)


async def test_who_waits_in_vain_is_sent_away_and_leaves_no_trace():
    line = WaitingLine(places=1, share=lambda _: 1, most_waiting=9)
    await inside(line, "a", 1)
    assert not await line.enter("b", SOON)
    assert not line.waiting


async def test_one_address_never_has_all_places():
    line = WaitingLine(places=4, share=lambda _: 3, most_waiting=9)
    await inside(line, "a", 3)
    assert not await line.enter("a", SOON)
    assert await line.enter("b", SOON)


async def test_of_one_address_only_so_many_wait():
    line = WaitingLine(places=1, share=lambda _: 1, most_waiting=1)
    await inside(line, "a", 1)
    waiting = asyncio.create_task(line.enter("b", LONG))
    await asyncio.sleep(0)
    assert not await line.enter("b", LONG)
    line.leave("a")
    assert await waiting


async def test_addresses_take_turns_whatever_one_of_them_sends():
    line = WaitingLine(places=1, share=lambda _: 1, most_waiting=99)
    order: list[str] = []

    async def visit(address: str) -> None:
        assert await line.enter(address, LONG)
        order.append(address)
        await asyncio.sleep(0)
        line.leave(address)

    await inside(line, "first", 1)
    visits = [asyncio.create_task(visit(address)) for address in "aaaaaabc"]
    await asyncio.sleep(0)
    line.leave("first")
    await asyncio.gather(*visits)
    assert order == list("abcaaaaa")
    assert not line.inside


async def test_a_place_given_to_somebody_who_has_gone_goes_to_the_next():
    line = WaitingLine(places=1, share=lambda _: 1, most_waiting=9)
    await inside(line, "a", 1)
    gone = asyncio.create_task(line.enter("b", LONG))
    next_one = asyncio.create_task(line.enter("c", LONG))
    await asyncio.sleep(0)
    line.leave("a")
    gone.cancel()
    assert await next_one
    assert line.inside == {"c": 1}


async def test_a_request_that_finds_no_place_is_told_when_to_come_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("livescore_site.edge.admission.WAIT_SECONDS", SOON)
    hold, sent = asyncio.Event(), []

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await hold.wait()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    admission = Admission(slow, places=1)
    scope = {"type": "http", "client": ["192.0.2.1", 1]}
    first = asyncio.create_task(admission(scope, None, send))
    await asyncio.sleep(0)
    await admission(scope, None, send)
    hold.set()
    await first
    assert sent[0]["status"] == 503
    assert (b"retry-after", b"5") in sent[0]["headers"]
