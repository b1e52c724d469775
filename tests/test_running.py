"""Around the hub: sessions that end, who is present, the goodbye before a restart, a database that goes away."""

import asyncio
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection, connections
from django.test import Client
from django.utils import timezone

from feed.live import presence, running
from feed.live.hub import hub as hubs
from feed.live.hub.hub import Hub
from feed.live.hub.reader import Reader
from feed.live.page import Page
from feed.live.parts.feed_line import FEED_LINE
from feed.live.presence import Present, report_end, report_presence, who_is_present
from feed.live.running import end_sessions, goodbye
from feed.live.sessions import ended
from feed.models import WebProcess
from tests.test_hub import Browser, eventually

FEED = FEED_LINE.topic()


@pytest.fixture
def signed_in(db: None) -> tuple[str, User]:
    """A session and its user."""
    client, user = Client(), User.objects.create_user("ann", password="a long enough word")
    client.force_login(user)
    assert client.session.session_key is not None
    return client.session.session_key, user


def test_a_session_holds_while_its_user_is_signed_in(signed_in: tuple[str, User]):
    key, user = signed_in
    assert ended({key: user.pk}) == set()


@pytest.mark.parametrize("how", ["signed out", "no account", "another password", "over", "another user"])
def test_a_session_ends_as_it_would_for_a_request(signed_in: tuple[str, User], how: str):
    key, user = signed_in
    session = Client().session.model.objects.get(pk=key)  # type: ignore[attr-defined]
    if how == "signed out":
        session.delete()
    elif how == "no account":
        User.objects.update(is_active=False)
    elif how == "another password":
        user.set_password("yet another word")
        user.save()
    elif how == "over":
        session.expire_date = timezone.now() - timedelta(seconds=1)
        session.save()
    users = {key: User.objects.create_user("bob").pk if how == "another user" else user.pk}
    assert ended(users) == {key}


@pytest.mark.django_db(transaction=True)
async def test_a_page_whose_user_signed_out_is_closed_and_told_to_sign_in():
    hub, gone, there = Hub(), Browser(), Browser()
    gone.page.session_key, gone.page.user_id = "over", 1
    there.page.session_key = None
    for browser in (gone, there):
        hub.watch(browser.page, {FEED: ""})
    await end_sessions(hub)
    assert (gone.closed, there.closed) == ([4401], [])
    await hub.stop()


async def test_before_a_restart_each_is_told_when_to_come_back_and_closed(monkeypatch: pytest.MonkeyPatch):
    hub, browsers = Hub(), [Browser() for _ in range(3)]
    monkeypatch.setattr(running.housekeeping, "read", nothing)
    for browser in browsers:
        hub.watch(browser.page, {FEED: ""})
    await goodbye(hub)
    assert [browser.closed for browser in browsers] == [[1012]] * 3
    seconds = sorted(browser.notices[-1]["restart"] for browser in browsers)
    assert 1 <= seconds[0] < seconds[1] < seconds[2] < 1.1
    assert not hub.everyone
    await hub.stop()


async def nothing(*args: Any) -> None: ...


@pytest.mark.django_db
def test_all_processes_together_say_who_is_present(monkeypatch: pytest.MonkeyPatch):
    for name, pages, programs in (("one", 3, 1), ("two", 4, 0)):
        monkeypatch.setattr(presence, "THIS_PROCESS", name)
        report_presence(Present(pages, programs), topics=5, clocks={})
    WebProcess.objects.create(id="long gone", started_at=timezone.now(), seen_at=timezone.now() - timedelta(minutes=1))
    assert who_is_present() == Present(7, 1)
    report_end()
    assert who_is_present() == Present(3, 1)


@pytest.mark.django_db
def test_processes_that_ended_long_ago_are_forgotten():
    old = timezone.now() - timedelta(hours=1)
    WebProcess.objects.create(id="old", started_at=old, seen_at=old)
    report_presence(Present(0, 0), topics=0, clocks={})
    assert not WebProcess.objects.filter(id="old").exists()


async def test_pages_are_told_that_the_database_does_not_answer_and_that_it_does_again(monkeypatch: pytest.MonkeyPatch):
    answers = False

    def poll(*args: Any) -> dict[Any, Any]:
        if not answers:
            raise OperationalError("the server closed the connection")
        return {}

    monkeypatch.setattr(hubs, "poll", poll)
    monkeypatch.setattr(hubs, "SWEEP_SECONDS", 0.02)
    hub, browser = Hub(), Browser()
    for lane in hub.lanes:
        lane.read_at -= timedelta(minutes=1)
    hub.start()
    hub.watch(browser.page, {FEED: "a version"})
    await eventually(lambda: bool(browser.notices))
    behind = browser.notices[-1]
    assert behind["now"] - behind["read"] > 59_000
    assert not behind["current"]
    answers = True
    await eventually(lambda: browser.notices[-1].get("current") is True)
    assert browser.notices[-1]["now"] - browser.notices[-1]["read"] < 5_000
    await hub.stop()


async def test_a_database_that_hangs_is_left_alone_and_asked_over_a_new_connection(monkeypatch: pytest.MonkeyPatch):
    hub = Hub()
    monkeypatch.setattr("feed.live.hub.reader.READ_SECONDS", 0.05)
    let_go = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hang() -> None:
        asyncio.run_coroutine_threadsafe(let_go.wait(), loop).result(5)

    with pytest.raises(TimeoutError):
        await hub.quick.reader.read(hang)
    assert await hub.quick.reader.read(lambda: "an answer") == "an answer"
    let_go.set()
    await hub.stop()


async def test_a_reading_behind_one_that_hangs_fails_and_does_not_end_who_waits_for_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("feed.live.hub.reader.READ_SECONDS", 0.2)
    reader, let_go = Reader(), threading.Event()
    hung = asyncio.create_task(reader.read(let_go.wait, 5))
    await asyncio.sleep(0)
    monkeypatch.setattr("feed.live.hub.reader.READ_SECONDS", 5)
    behind = asyncio.create_task(reader.read(lambda: "an answer"))
    with pytest.raises(TimeoutError):
        await hung
    let_go.set()
    assert await behind == "an answer"
    assert await reader.read(lambda: "another") == "another"
    reader.close()


async def test_a_reader_that_ends_leaves_no_connection_open(transactional_db: None):
    reader = Reader()
    made = await reader.read(lambda: connection.cursor() and connections["default"])
    reader.close()
    await eventually(lambda: made.connection is None)


async def test_a_page_that_owes_an_acknowledgement_for_too_long_is_closed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hubs, "BEAT_SECONDS", 0.02)
    monkeypatch.setattr("feed.live.hub.watcher.SILENT_SECONDS", 0.05)
    hub, silent, awake = Hub(), Browser(), Browser()
    for browser in (silent, awake):
        hub.watch(browser.page, {})
    silent.owe(1)
    beat = asyncio.create_task(hub._beat())
    await eventually(lambda: bool(silent.closed))
    assert (silent.closed, awake.closed) == ([1013], [])
    assert silent.page not in hub.everyone
    beat.cancel()
    await hub.stop()


async def test_a_slow_reader_keeps_nobody_waiting():
    stuck, browser = asyncio.Event(), Browser()

    async def send_slowly(text: str) -> None:
        await stuck.wait()

    slow = Page(send_slowly, browser.close)
    slow.write(json.dumps({"content": "one"}))
    browser.page.write(json.dumps({"content": "two"}))
    assert await browser.next_frame() == "two"
    stuck.set()


async def test_bytes_count_as_much_as_frames_do():
    page = Browser().page
    page.write_frame("x" * 600_000)
    assert not page.has_credit
    page.note_acked(1)
    assert page.has_credit
    assert page.owes_since is None


async def test_what_is_acknowledged_twice_counts_once():
    page = Browser().page
    for _ in range(3):
        page.write_frame("frame")
    assert [len(page.note_acked(frames)) for frames in (2, 2, 1, 3)] == [2, 0, 0, 1]
