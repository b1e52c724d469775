"""A board of 500 fixtures, 40 of them in play, at 300 messages a second, in a browser, through real processes.

Some of what `python -m bench browser` does for five minutes. Tests share their processors, so here a task may take a
second, and what a trader asked for may move for three; the benchmark holds 200 ms and the browser's own half second.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from tests import control_tour
from tests.board_load import ON_BOARD, Load, running_load
from tests.watched_page import Watched

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LONGEST_TASK_MS, PATIENCE_MS, LAYOUT_SHIFT = 1000, 3000, 0.02


@pytest.fixture
def load(own_postgresql_url: str, redis_url: str, amqp_url: str) -> Iterator[Load]:
    with running_load(own_postgresql_url, redis_url, amqp_url) as running:
        yield running


def test_a_busy_board_is_used_without_an_error_a_jump_a_stop_or_a_loss_of_focus(load: Load, context: BrowserContext):
    tabs = load.tabs()
    assert tabs["all"] >= ON_BOARD
    assert tabs["in_play"] >= 38
    context.add_cookies([{"name": name, "value": value, "url": load.address} for name, value in load.cookies.items()])
    watched = Watched(context.new_page())
    for part in (control_tour.tabs, control_tour.in_page, control_tour.fixture):
        part(watched, load.address, 1)
    assert watched.complaints == []
    assert watched.noted["lost"] == []
    assert watched.longest_task() < LONGEST_TASK_MS, watched.noted["long"]
    assert watched.layout_shift("/", PATIENCE_MS) < LAYOUT_SHIFT, watched.noted["shift"]
