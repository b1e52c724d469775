"""The player of a page of the past: its frames, its jumps to where a price changed, the times of its slider."""

# ruff: noqa: F811 - tests ask for the fixtures that are imported

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feed.live.hub.budget import SOCKET_COST
from feed.past.moments import moment_text
from feed.past.window import day_window, fixture_window

from .received import FIXTURE
from .test_past_pages import PAGE, address, html, moments, no_pasts, trader  # noqa: F401 - fixtures

pytestmark = pytest.mark.usefixtures("either_database")


def topics(page: str) -> dict[str, str]:
    """What a page shows, with its versions."""
    return dict(re.findall(r'data-topic="([^"]+)"\s+data-version="([^"]+)"', page.replace("&amp;", "&")))


def ask(client: Client, path: str, watch: dict[str, str], **more: Any) -> Any:
    return client.post(f"{path}frame/", json.dumps({"watch": watch}), content_type="application/json", **more)


def frame(client: Client, path: str, watch: dict[str, str]) -> dict[str, Any]:
    answer = ask(client, path, watch)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def changed(message: dict[str, Any]) -> list[str]:
    """Which parts a frame brings."""
    return re.findall(r'hx-target="#([a-z]+)', message["content"])


def test_a_frame_brings_what_differs_at_another_moment_and_nothing_else(trader: Client, moments: list[datetime]):
    first = topics(html(trader, address(moments[0]) + "?open=main"))
    assert {"scoreboard", "market", "markets"} <= {re.split("[:?]", name)[0] for name in first}
    goal = frame(trader, address(moments[2]), first)
    assert {"scoreboard", "market"} <= set(changed(goal))
    assert "<b>1</b>" in goal["content"]
    assert goal["now"] == int(moments[2].timestamp() * 1000)
    assert changed(frame(trader, address(moments[0]), first)) == []


def test_it_goes_back_as_it_goes_on(trader: Client, moments: list[datetime]):
    last = topics(html(trader, address(moments[-1]) + "?open=main"))
    back = frame(trader, address(moments[0]), last)["content"]
    assert (">1.50<" in back, ">9.50<" in back, "<b>1</b>" in back) == (True, False, False)


def test_a_frame_is_of_the_page_that_was_shown_at_that_moment(trader: Client, moments: list[datetime]):
    """A page moved to a moment has the same parts as a page opened at that moment."""
    first = topics(html(trader, address(moments[0]) + "?open=main"))
    for moment in moments[1:]:
        there = topics(html(trader, address(moment) + "?open=main"))
        brought = topics(frame(trader, address(moment), first)["content"])
        assert first | brought | {k: v for k, v in there.items() if k.startswith("markets")} == there


def test_a_board_has_frames_too(trader: Client, moments: list[datetime]):
    first = topics(html(trader, address(moments[0], "/")))
    goal = frame(trader, address(moments[-1], "/"), first)
    assert ">9.50<" in goal["content"]
    assert "row" in changed(goal)


@pytest.mark.parametrize(
    ("watch", "status"),
    [({f"scoreboard:{FIXTURE}": ""}, 200), ({"scoreboard:8": ""}, 400), ({"nonsense:7": ""}, 400), (["a"], 400)],
)
def test_a_page_asks_for_its_own_parts(trader: Client, moments: list[datetime], watch: Any, status: int):
    assert ask(trader, address(moments[0]), watch).status_code == status


def test_a_frame_brings_no_more_than_a_single_page_may_follow(trader: Client, moments: list[datetime]):
    searches = {f"board?q={number}": "" for number in range(SOCKET_COST // 300 + 1)}
    assert ask(trader, address(moments[0], "/"), searches).status_code == 400
    assert ask(trader, address(moments[0], "/"), dict(list(searches.items())[1:])).status_code == 200


def test_of_what_was_not_there_and_of_what_will_be_there_is_no_frame(trader: Client, moments: list[datetime]):
    watch = {f"scoreboard:{FIXTURE}": ""}
    for moment in (moments[0] - timedelta(days=1), timezone.now() + timedelta(days=1)):
        assert ask(trader, address(moment), watch).status_code == 404
    assert trader.get(f"{address(moments[0])}frame/").status_code == 405


@pytest.mark.parametrize(("start", "bet", "end"), [(0, "0/1", 3), (1, "0/1", 3), (3, "0/1", None), (0, "0/2", None)])
def test_it_leads_on_to_where_a_price_is_another(
    trader: Client, moments: list[datetime], start: int, bet: str, end: int | None
):
    way = f"{address(moments[start])}go/price/?bet={bet}&open=main"
    found = None if end is None else moment_text(moments[end])
    assert trader.get(way, headers={"accept": "application/json"}).json() == {"moment": found}
    there = address(moments[start if end is None else end]) + "?open=main"
    assert trader.get(way)["Location"] == there + ("&none=price" if end is None else "")


@pytest.mark.parametrize("bet", ["", "0", "x/1", "0/x", f"0/{2**70}"])
def test_what_names_no_price_leads_nowhere(trader: Client, moments: list[datetime], bet: str):
    way = f"{address(moments[0])}go/price/"
    assert trader.get(way, {"bet": bet}, headers={"accept": "application/json"}).json() == {"moment": None}


def test_the_page_has_a_player_over_its_fixtures_time(trader: Client, moments: list[datetime]):
    page = html(trader, address(moments[1]))
    assert f'data-frame="{address(moments[1])}frame/"' in page
    assert f'data-moment="{moment_text(moments[1])}"' in page
    assert "data-grows" in page, "the match goes on"
    assert 'id="player"' not in html(trader, PAGE)


def test_the_window_of_a_fixture_holds_all_that_was_and_the_moment(moments: list[datetime]):
    now = timezone.now()
    window = fixture_window(FIXTURE, moments[1], now)
    assert window.begins <= moments[0]
    assert (window.ends, window.grows) == (now, True)
    long_ago = moments[0] - timedelta(days=3)
    assert fixture_window(FIXTURE, long_ago, now).begins == long_ago
    assert fixture_window(99, long_ago, now) == (long_ago, now, True)


def test_the_window_of_a_board_is_the_day_until_now():
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    later = noon + timedelta(hours=3)
    assert day_window(noon, later) == (datetime(2026, 5, 1, tzinfo=UTC), later, True)
    whole = (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 2, tzinfo=UTC), False)
    assert day_window(noon, noon + timedelta(days=9)) == whole
