"""How the test files go to the workers of pytest-xdist."""

import os
from typing import Any

from xdist.scheduler import LoadFileScheduling


def number_of_workers() -> int:
    """One for each core that may be used, two at least."""
    return max(2, len(os.sched_getaffinity(0)))


class BrowsersApart(LoadFileScheduling):
    """Every third worker takes the files with a browser from the beginning, and ends with them.

    The others take those that are left when nothing else is: once a browser was there an event loop runs in the
    worker's thread, which async tests refuse.
    """

    def _assign_work_unit(self, node: Any) -> None:
        if begins_with_browsers(node) and (found := self.with_browser()):
            self.workqueue.move_to_end(found, last=False)
        super()._assign_work_unit(node)

    def _reschedule(self, node: Any) -> None:
        if begins_with_browsers(node) and self.has_had_browser(node) and not self.with_browser():
            node.shutdown()
        else:
            super()._reschedule(node)

    def with_browser(self) -> str | None:
        """The next file with a browser that no worker has."""
        return next((name for name, tests in self.workqueue.items() if needs_browser(tests)), None)

    def has_had_browser(self, node: Any) -> bool:
        return any(map(needs_browser, self.assigned_work[node].values()))


def begins_with_browsers(node: Any) -> bool:
    return int(node.gateway.id.removeprefix("gw")) % 3 == 2


def needs_browser(tests: dict[str, bool]) -> bool:
    """By the parameter that pytest-playwright gives each test with a browser."""
    return any("[chromium" in test for test in tests)
