"""A part of a page or a fixture's state that cannot be made: it says so, the others go on, the log names it once."""

import asyncio
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from feed.live.hub import hub as hubs
from feed.live.hub.hub import Hub
from feed.live.parts.board import board
from feed.live.parts.feed_line import FEED_LINE
from feed.live.parts.fixture.scoreboard import SCOREBOARD
from feed.live.parts.markets.market import MARKET as MARKET_PART
from feed.live.parts.part import PagePart
from feed.live.programs import deltas, state
from feed.models import Market
from tests.rows import make_bet, make_fixture, make_market, make_source
from tests.stream_client import Connect, connect, make_token  # noqa: F401 - fixtures
from tests.test_hub import MARKET, ROW, Browser, eventually, hub, market, move, version  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)
SAYS_SO = "This part cannot be shown"


class Fault:
    """What a part shows; it fails until it is fixed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, part: PagePart) -> None:
        self.right, self.is_fixed = part.context, False
        monkeypatch.setattr(part, "context", self)

    def __call__(self, *args: Any) -> dict[str, Any]:
        if not self.is_fixed:
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
    fault = Fault(monkeypatch, MARKET_PART)
    page = Browser()
    hub.watch(page.page, {MARKET: await version(MARKET), ROW: await version(ROW)})
    await move("2.9")
    frames = ""
    while not (SAYS_SO in frames and "2.90" in frames):
        frames += await page.next_frame()
    assert page.page.versions[MARKET] == "failed"
    hub.topics.by_topic[MARKET].polled_at = None
    await eventually(lambda: hub.topics.by_topic[MARKET].polled_at)
    assert page.frames.empty()
    assert hub.is_reading_well
    assert logged(caplog, "market:7:1 cannot be made") == 1
    fault.is_fixed = True
    assert "2.90" in await page.next_frame()
    assert logged(caplog, "Works again") == 1
    sweep.cancel()


@pytest.mark.usefixtures("market")
@pytest.mark.parametrize(("part", "address"), [(SCOREBOARD, "/fixtures/7/"), (FEED_LINE, "/")])
def test_a_page_opens_all_the_same(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    part: PagePart,
    address: str,
):
    client.force_login(User.objects.create_superuser("ann"))
    Fault(monkeypatch, part)
    answer = client.get(address)
    assert answer.status_code == 200
    assert SAYS_SO in answer.content.decode()


@pytest.mark.usefixtures("market")
def test_a_board_with_a_broken_row_is_opened_as_its_outline(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
):
    client.force_login(User.objects.create_superuser("ann"))
    right = board.board_row

    def fail(reading: Any, fixture_id: int, *args: Any) -> Any:
        if fixture_id == 8:
            raise ValueError("an odd score")
        return right(reading, fixture_id, *args)

    make_fixture(8, "Eastham", "Westbury")
    monkeypatch.setattr(board, "board_row", fail)
    page = client.get("/").content.decode()
    assert "Northfield" in page
    assert "Eastham" in page
    assert SAYS_SO not in page


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
    assert [fixture["id"] for fixture in (await client.hear("snapshot"))["fixtures"]] == [8]
    assert (await client.hear("unreadable"))["fixtures"] == [7]
    fault.clear()
    assert [fixture["id"] for fixture in (await client.hear("snapshot"))["fixtures"]] == [7]


def two_fixtures() -> str:
    make_source()
    for pk in (7, 8):
        make_bet(make_market(make_fixture(pk, revision=1, fixture_revision=1), revision=1), "1", "2.1")
    return make_token()[1]
