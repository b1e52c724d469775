"""A part of a page or a fixture's state that cannot be made: it says so, the others go on, the log tells once."""

import asyncio
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from feed import state
from feed.live import deltas, fragments
from feed.live import hub as hubs
from feed.live.hub import Hub
from feed.live.topics import Kind
from feed.models import Market
from tests.rows import make_bet, make_fixture, make_market, make_source
from tests.test_hub import MARKET, ROW, Browser, eventually, hub, market, move, version  # noqa: F401 - fixtures
from tests.test_stream import Connect, connect, make_token  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)
SAYS_SO = "This part cannot be shown"


class Fault:
    """A renderer that fails until it is mended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, kind: Kind) -> None:
        self.right, self.is_mended = fragments.RENDERERS[kind], False
        monkeypatch.setitem(fragments.RENDERERS, kind, self)

    def __call__(self, *args: Any) -> str:
        if not self.is_mended:
            raise KeyError("no such line")
        return self.right(*args)


def logged(caplog: pytest.LogCaptureFixture, text: str) -> int:
    return sum(text in record.getMessage() for record in caplog.records)


async def test_a_broken_part_says_so_and_all_others_go_on(
    hub: Hub,  # noqa: F811
    market: Market,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    monkeypatch.setattr(hubs, "SWEEP_SECONDS", 0.05)
    sweep = asyncio.create_task(hub._sweep())
    fault = Fault(monkeypatch, Kind.MARKET)
    page = Browser()
    hub.watch(page.page, {MARKET: await version(MARKET), ROW: await version(ROW)})
    await move("2.9")
    frames = ""
    while not (SAYS_SO in frames and "2.90" in frames):
        frames += await page.next_frame()
    assert page.page.versions[MARKET] == "failed"
    hub.looked_at.clear()
    await eventually(lambda: MARKET in hub.looked_at)
    assert page.frames.empty()
    assert hub.is_reading_well
    assert logged(caplog, "market:7:1 cannot be made") == 1
    fault.is_mended = True
    assert "2.90" in await page.next_frame()
    assert logged(caplog, "Mended") == 1
    sweep.cancel()


@pytest.mark.usefixtures("market")
@pytest.mark.parametrize(("kind", "address"), [(Kind.SCOREBOARD, "/fixtures/7/"), (Kind.FEED, "/")])
def test_a_page_opens_all_the_same(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    kind: Kind,
    address: str,
):
    client.force_login(User.objects.create_superuser("ann"))
    Fault(monkeypatch, kind)
    answer = client.get(address)
    assert answer.status_code == 200
    assert SAYS_SO in answer.content.decode()


@pytest.mark.usefixtures("market")
def test_a_board_with_a_broken_row_is_opened_as_its_outline(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
):
    client.force_login(User.objects.create_superuser("ann"))
    right = fragments.board_row

    def fail(reading: Any, fixture_id: int, *args: Any) -> Any:
        if fixture_id == 8:
            raise ValueError("an odd score")
        return right(reading, fixture_id, *args)

    make_fixture(8, "Eastham", "Westbury")
    monkeypatch.setattr(fragments, "board_row", fail)
    board = client.get("/").content.decode()
    assert "Northfield" in board
    assert "Eastham" in board
    assert SAYS_SO not in board


async def test_a_program_is_told_of_a_state_that_cannot_be_made_and_gets_the_others(
    connect: Connect,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    fault = {7}

    def sometimes(reading: Any, fixture_id: int, *args: Any) -> Any:
        if fixture_id in fault:
            raise ValueError("an odd score")
        return state.fixture_state(reading, fixture_id, *args)

    monkeypatch.setattr(deltas, "fixture_state", sometimes)
    secret = await asyncio.to_thread(two_fixtures)
    client = await connect(secret)
    await client.say(op="subscribe")
    assert [each["id"] for each in (await client.hear("snapshot"))["fixtures"]] == [8]
    assert (await client.hear("unreadable"))["fixtures"] == [7]
    fault.clear()
    assert [each["id"] for each in (await client.hear("snapshot"))["fixtures"]] == [7]


def two_fixtures() -> str:
    make_source()
    for pk in (7, 8):
        make_bet(make_market(make_fixture(pk, revision=1, fixture_revision=1), revision=1), "1", "2.1")
    return make_token()[1]
