"""A trader's page, as the hub sees it: HTML that htmx swaps in, and outlines by which the page arranges itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from feed.pages.fixture.clock import epoch_ms

from .hub.watcher import Watcher
from .payload import Fragment, json_text


class Page(Watcher):
    """A browser's page. It knows who is signed in, so that the socket ends with the session."""

    session_key: str | None = None
    user_id: Any = None

    @staticmethod
    def frames(fragments: Sequence[Fragment], pushed_at: datetime) -> list[str]:
        """One frame: {"outlines": [html], "content": partials, "at": [sent, received, stored, pushed] in epoch ms}.

        An outline is a list without what is in it: each row or market stands there by its topic alone.
        """
        message: dict[str, Any] = {
            "content": "".join(partial(fragment) for fragment in fragments if not fragment.topic.part.is_outline),
            "at": at(fragments, pushed_at),
        }
        if outlines := [fragment.html for fragment in fragments if fragment.topic.part.is_outline]:
            message["outlines"] = outlines
        return [json_text(message)]

    def current(self, now_ms: int, read_ms: int) -> str:
        return json_text({"now": now_ms, "read": read_ms, "current": True})

    def beat(self, now_ms: int, read_ms: int) -> str:
        return json_text({"now": now_ms, "read": read_ms, "current": self.is_current})

    def farewell(self, code: int, words: str) -> str:
        return json_text({"closing": words})

    def restart(self, seconds: float) -> str:
        return json_text({"restart": seconds})


def partial(fragment: Fragment) -> str:
    return f'<hx-partial hx-target="#{fragment.topic.element_id}" hx-swap="outerMorph">{fragment.html}</hx-partial>'


def at(fragments: Sequence[Fragment], pushed_at: datetime) -> list[int | None]:
    """The times of the newest change in the frame, and of the frame itself."""
    times = [fragment.times for fragment in fragments if fragment.times and fragment.times.stored_at]
    newest = max(times, key=lambda moments: moments.stored_at or pushed_at, default=(None, None, None))
    return [*(epoch_ms(moment) if moment else None for moment in newest), epoch_ms(pushed_at)]
