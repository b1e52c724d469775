"""A page of a trader, as the hub sees it: HTML that htmx swaps in, and outlines that the page arranges itself by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from feed.pages.clock import epoch_ms

from .fragment import Fragment
from .topics import OUTLINED
from .watcher import Watcher


class Page(Watcher):
    """A browser's page. It says who is signed in, so that a session that ended ends the socket too."""

    session_key: str | None = None
    user_id: Any = None

    @staticmethod
    def frames(fragments: Sequence[Fragment], pushed_at: datetime) -> list[str]:
        """One frame: {"outlines": [html], "content": partials, "at": [sent, received, stored, pushed] in epoch ms}.

        An outline is a list without what is in it: each row or market stands there by its topic alone.
        """
        told: dict[str, Any] = {
            "content": "".join(partial(fragment) for fragment in fragments if fragment.topic.kind not in OUTLINED),
            "at": at(fragments, pushed_at),
        }
        if outlines := [fragment.html for fragment in fragments if fragment.topic.kind in OUTLINED]:
            told["outlines"] = outlines
        return [as_text(told)]

    def current(self, now_ms: int, read_ms: int) -> str:
        return as_text({"now": now_ms, "read": read_ms, "current": True})

    def beat(self, now_ms: int, read_ms: int) -> str:
        return as_text({"now": now_ms, "read": read_ms, "current": not self.unread})

    def farewell(self, code: int, words: str) -> str:
        return as_text({"closing": words})

    def restart(self, seconds: float) -> str:
        return as_text({"restart": seconds})


def partial(fragment: Fragment) -> str:
    return f'<hx-partial hx-target="#{fragment.topic.element_id}" hx-swap="outerMorph">{fragment.html}</hx-partial>'


def at(fragments: Sequence[Fragment], pushed_at: datetime) -> list[int | None]:
    """The times of the newest change in the frame, and of the frame itself."""
    times = [fragment.times for fragment in fragments if fragment.times and fragment.times.stored_at]
    newest = max(times, key=lambda each: each.stored_at or pushed_at, default=(None, None, None))
    return [*(epoch_ms(moment) if moment else None for moment in newest), epoch_ms(pushed_at)]


def as_text(told: dict[str, Any]) -> str:
    return msgspec.json.encode(told).decode()
