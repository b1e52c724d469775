"""How much may be watched and sent: by its cost, for each page, each owner and all, refused with words."""

import pytest

from feed.live import allowance
from feed.live.hub.budget import HUB_COST, OWNER_COST, SOCKET_COST, WORK, WORK_PER_SECOND, Budget, TooCostly
from feed.live.hub.hub import Hub
from feed.live.parts.registry import parse_topic
from feed.live.programs.messages import number_of_ids, parse_message
from tests.test_hub import Browser


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [1000.0]
    monkeypatch.setattr(allowance.time, "monotonic", lambda: moment[0])
    return moment


SEARCH_COST = parse_topic("board?q=x").cost


def searches(number: int, start: int = 0) -> dict:
    return {parse_topic(f"board?q=word{place}"): "" for place in range(start, start + number)}


def test_a_search_costs_much_more_than_a_price():
    assert parse_topic("board?q=x").cost >= 100 * parse_topic("market:7:1").cost
    assert parse_topic("markets:7?find=x&open=main").cost >= 20 * parse_topic("market:7:1").cost
    assert parse_topic("markets:7?open=main").cost < 20
    assert parse_topic("board").cost > 10 * parse_topic("row:7").cost


async def test_a_page_may_follow_all_rows_of_a_board_with_its_search():
    page = Browser().page
    Budget().check(page, {**searches(1), **{parse_topic(f"row:{pk}"): "" for pk in range(1, 501)}}, 0)


async def test_one_page_may_not_follow_a_thousand_searches():
    with pytest.raises(TooCostly) as refusal:
        Budget().check(Browser().page, searches(1000), 0)
    assert (refusal.value.code, "page" in refusal.value.words) == (4429, True)


async def test_one_person_may_not_follow_that_much_on_many_pages_either():
    hub, number = Hub(), SOCKET_COST // SEARCH_COST
    pages = [Browser().page for _ in range(OWNER_COST // SOCKET_COST + 1)]
    for page in pages:
        page.owner = "ann"
    for place, page in enumerate(pages[:-1]):
        have = searches(number, place * number)
        hub.budget.check(page, have, hub.topics.cost)
        hub.watch(page, have)
    last = searches(number, len(pages) * number)
    with pytest.raises(TooCostly, match="a single person"):
        hub.budget.check(pages[-1], last, hub.topics.cost)
    hub.leave(pages[0])
    hub.budget.check(pages[-1], last, hub.topics.cost)
    await hub.stop()


async def test_a_page_is_told_to_come_back_later_where_all_together_follow_too_much():
    with pytest.raises(TooCostly) as refusal:
        Budget().check(Browser().page, searches(1), HUB_COST)
    assert refusal.value.code == 1013


async def test_what_several_watch_counts_once_and_what_nobody_watches_not_at_all():
    hub, pages = Hub(), [Browser().page for _ in range(3)]
    for page in pages:
        hub.watch(page, searches(2))
    assert hub.topics.cost == 2 * SEARCH_COST
    for page in pages:
        hub.leave(page)
    assert hub.topics.cost == 0
    assert not hub.budget.of_owner
    await hub.stop()


def test_whoever_sends_too_much_is_refused_and_may_send_again_after_a_while(now: list[float]):
    budget = Budget()
    budget.spend("ann", WORK)
    with pytest.raises(TooCostly, match="short time"):
        budget.spend("ann", 1)
    budget.spend("bob", 1)
    now[0] += 2.0
    budget.spend("ann", WORK_PER_SECOND // 2)


def test_owners_that_have_sent_nothing_for_a_while_take_no_memory(now: list[float]):
    budget = Budget()
    budget.spend("ann", 1)
    now[0] += WORK / WORK_PER_SECOND + 1
    budget.forget_idle()
    assert not budget.work.left


def test_a_subscription_counts_by_its_ids():
    message = parse_message('{"op": "subscribe", "fixtures": [1, 2], "markets": [3]}')
    assert number_of_ids(message) == 3
