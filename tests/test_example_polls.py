"""The Python example where websockets do not pass: what its polls bring is in the words of the stream."""

import asyncio
from http.client import IncompleteRead
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.followers import FROM_DESK, example
from tests.rows import make_fixture
from tests.stream_client import make_token

pytestmark = pytest.mark.django_db


def test_what_a_poll_brings_is_in_the_streams_words():
    now = timezone.now()
    make_fixture(7, revision=1, fixture_revision=1, stored_at=now, start_at=now)
    messages: list[dict[str, Any]] = []
    follower = example.Follower("ws://desk/ws/v1/stream", "token", messages.append)
    program = Client(headers={"authorization": f"Bearer {make_token()[1]}"})
    follower.take_polled(program.get("/api/v1/changes/").json())
    for message in messages:
        FROM_DESK.validate(message)
    assert [message["type"] for message in messages] == ["feed", "snapshot", "current"]
    assert follower.states == {7: program.get("/api/v1/fixtures/7/").json()}


def test_a_poll_that_breaks_off_does_not_end_the_program(monkeypatch: pytest.MonkeyPatch):
    def ask() -> Any:
        raise IncompleteRead(b"{")

    follower = example.Follower("ws://desk/ws/v1/stream", "token")
    monkeypatch.setattr(follower, "ask", ask)
    asyncio.run(follower.poll(try_after=60))
    assert not follower.is_current


def test_a_desk_that_is_busy_for_long_leaves_nothing_to_be_traded_on(monkeypatch: pytest.MonkeyPatch):
    follower = example.Follower("ws://desk/ws/v1/stream", "token")
    seconds = iter((100.0, 108.0, 110.0))
    monkeypatch.setattr(example, "monotonic", lambda: next(seconds))
    feed = {"type": "feed", "sources": []}
    follower.take_polled({"since": "0", "all": True, "more": False, "feed": feed, "fixtures": []})
    busy: dict[str, Any] = {}
    follower.take_polled(busy)
    assert follower.is_current
    follower.take_polled(busy)
    assert not follower.is_current
