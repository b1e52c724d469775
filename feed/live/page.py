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
    #: What a message of it counts, beside its topics (`feed.live.hub.budget`).
    message_work = 1
    user_name: str = ""

    @staticmethod
    def frames(fragments: Sequence[Fragment], pushed_at: datetime) -> list[str]:
        return [json_text(frame(fragments, pushed_at))]

    def current(self, now_ms: int, read_ms: int) -> str:
        return json_text({"now": now_ms, "read": read_ms, "current": True})

    def beat(self, now_ms: int, read_ms: int) -> str:
        return json_text({"now": now_ms, "read": read_ms, "current": self.is_current})

    def closing_message(self, code: int, words: str) -> str:
        return json_text({"closing": words})

    def restart(self, seconds: float) -> str:
        return json_text({"restart": seconds})


class PolledPage(Page):
    """A page that no websocket reaches, for as long as one of its polls lasts (`livescore_site.edge.polled`).

    Its frames have the versions that they bring, "versions": {topic: version}. By its next poll nobody here knows them.
    """

    #: It was signed in anew, and its topics are read anew.
    message_work = 100

    @staticmethod
    def frames(fragments: Sequence[Fragment], pushed_at: datetime) -> list[str]:
        versions = {str(fragment.topic): fragment.version for fragment in fragments}
        return [json_text(frame(fragments, pushed_at) | {"versions": versions})]


def frame(fragments: Sequence[Fragment], pushed_at: datetime) -> dict[str, Any]:
    """{"outlines": [html], "content": partials, "at": [sent, received, stored, pushed] in epoch ms}.

    An outline is a list without what is in it: each row or market stands there by its topic alone.
    """
    message: dict[str, Any] = {
        "content": "".join(partial(fragment) for fragment in fragments if not fragment.topic.part.is_outline),
        "at": at(fragments, pushed_at),
    }
    if outlines := [fragment.html for fragment in fragments if fragment.topic.part.is_outline]:
        message["outlines"] = outlines
    return message


def partial(fragment: Fragment) -> str:
    return f'<hx-partial hx-target="#{fragment.topic.element_id}" hx-swap="outerMorph">{fragment.html}</hx-partial>'


def at(fragments: Sequence[Fragment], pushed_at: datetime) -> list[int | None]:
    """The times of the newest change in the frame, and of the frame itself."""
    times = [fragment.times for fragment in fragments if fragment.times and fragment.times.stored_at]
    newest = max(times, key=lambda moments: moments.stored_at or pushed_at, default=(None, None, None))
    return [*(epoch_ms(moment) if moment else None for moment in newest), epoch_ms(pushed_at)]
