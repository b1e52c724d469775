"""Pages that are shown something, at times which tests set; their spans are written."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feed.live import running
from feed.live.hub import viewings as keeping
from feed.live.hub.frames import send
from feed.live.hub.viewings import Viewings
from feed.live.hub.watched import WatchedTopics
from feed.live.page import Page
from feed.live.parts.board.row import ROW
from feed.live.parts.part import PageTopic
from feed.live.payload import Fragment

BEGAN = datetime(2026, 11, 26, 20, 14, tzinfo=UTC)
ANN = "user", 5


class Clock:
    """The time of what is kept, which tests set."""

    def __init__(self) -> None:
        self.at = BEGAN

    def now(self) -> datetime:
        return self.at

    def go(self, seconds: float) -> datetime:
        self.at = BEGAN + timedelta(seconds=seconds)
        return self.at


class Desk:
    """Viewings of pages, whose spans are written when they are turned."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.viewings = Viewings(is_on=True)

    def page(self, owner: tuple[str, int] = ANN) -> Page:
        async def nothing(*_: Any) -> None: ...

        page = Page(nothing, nothing)
        page.owner = owner
        return page

    def watch(self, page: Page, have: dict[PageTopic, str]) -> None:
        self.viewings.note_watch(page, have)
        page.versions = dict(have)

    def push(self, page: Page, *fragments: Fragment) -> None:
        send({page: list(fragments)}, WatchedTopics(), self.viewings)
        page.versions |= {fragment.topic: fragment.version for fragment in fragments}

    def turn(self, seconds: float) -> None:
        """End the span then; the one before it is written."""
        self.clock.go(seconds)
        if (done := self.viewings.turn()) is not None:
            running.write(done)

    def end(self, seconds: float) -> None:
        for second in (seconds, seconds + 10):
            self.turn(second)


def new_desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """One whose time is its own clock's."""
    clock = Clock()
    monkeypatch.setattr(keeping, "timezone", clock)
    monkeypatch.setattr("feed.live.hub.frames.timezone", clock)
    return Desk(clock)


def fragment(number: int, version: str, html: str = "<p>2.10</p>") -> Fragment:
    return Fragment(ROW.topic(number), version, html)
