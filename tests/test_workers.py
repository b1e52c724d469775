"""Files with a browser go to every third worker, which takes nothing after them."""

from itertools import chain
from typing import Any

import pytest

from tests.workers import BrowsersApart

PLAIN = [f"tests/test_plain_{file}.py::test_{number}" for file in range(6) for number in range(4)]
SHOWN = [f"tests/test_shown_{file}.py::test_{number}[chromium]" for file in range(4) for number in range(4)]


class Worker:
    """Keeps what it is sent."""

    def __init__(self, number: int) -> None:
        self.gateway = type("Gateway", (), {"id": f"gw{number}"})()
        self.shutting_down = False
        self.waiting: list[int] = []
        self.done: list[int] = []

    def send_runtest_some(self, indices: list[int]) -> None:
        self.waiting += indices

    def shutdown(self) -> None:
        self.shutting_down = True


def run(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch, tests: list[str], number: int) -> list[list[str]]:
    """The tests that each worker ran, in their order, when each takes equally long for one."""
    monkeypatch.setattr(pytestconfig.option, "tx", ["popen"] * number)
    monkeypatch.setattr(pytestconfig.option, "loadscopereorder", False)
    workers: list[Any] = [Worker(index) for index in range(number)]
    scheduling = BrowsersApart(pytestconfig)
    for worker in workers:
        scheduling.add_node(worker)
        scheduling.add_node_collection(worker, tests)
    scheduling.schedule()
    while any(worker.waiting for worker in workers):
        for worker in workers:
            if worker.waiting:
                worker.done.append(worker.waiting.pop(0))
                scheduling.mark_test_complete(worker, worker.done[-1])
    assert all(worker.shutting_down for worker in workers)
    return [[tests[index] for index in worker.done] for worker in workers]


@pytest.mark.parametrize("number", [1, 2, 3, 5, 6])
def test_every_test_runs_once_and_nothing_without_a_browser_after_one(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch, number: int
):
    ran = run(pytestconfig, monkeypatch, PLAIN + SHOWN, number)
    assert sorted(chain.from_iterable(ran)) == sorted(PLAIN + SHOWN)
    for tests in ran:
        assert tests == sorted(tests, key=SHOWN.__contains__)


def test_the_third_worker_begins_with_a_browser_and_the_others_end_with_one(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
):
    first, second, third = run(pytestconfig, monkeypatch, PLAIN + SHOWN, 3)
    assert (first[0] in PLAIN, second[0] in PLAIN, third[0] in SHOWN) == (True, True, True)
    assert third == SHOWN[: len(third)]


def test_without_browsers_all_workers_share(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch):
    assert all(run(pytestconfig, monkeypatch, PLAIN, 3))
