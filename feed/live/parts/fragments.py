"""The HTML of topics: the same for the page, the htmx answer and the socket.

`read_fragments` asks the database a bounded number of queries, however many topics there are, and renders only those
whose version is not what everybody has.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from django.db import Error
from django.template import engines
from django.template.backends.jinja2 import Jinja2

from feed.live.payload import FAILED, Fragment, Update
from feed.live.topic import Topic
from feed.pages.visible import visible

from .part import PageTopic
from .versions import RowCaches, TopicVersions


def render(template: str, context: Mapping[str, Any]) -> str:
    """The HTML of templates/desk/feed/<template>."""
    desk = cast(Jinja2, engines["desk"])
    return visible(desk.env.get_template(f"feed/{template}").render(context))


def read_fragments(
    have: Mapping[PageTopic, Collection[str]],
    now: datetime,
    caches: RowCaches | None = None,
    prepare: "Callable[[TopicHtml], None] | None" = None,
) -> dict[Topic, Update]:
    """What to push of the topics in `have`: those that somebody has at another version than the present one ("" for
    none).

    Versions are read for all, rows only for what differs, and of those only what is not in `caches`. `prepare` is done
    before anything is read.
    """
    html = TopicHtml(have.keys(), now, caches=caches)
    if prepare is not None:
        prepare(html)
    versions = {topic: html.version_or_failed(topic) for topic in have}
    differing = [topic for topic, version in versions.items() if version and not {version}.issuperset(have[topic])]
    html.narrow(differing)
    fragments = {topic: html.fragment(topic) for topic in differing}
    html.caches.trim()
    return {
        topic: Update(fragment.version, dict.fromkeys(have[topic], fragment)) for topic, fragment in fragments.items()
    }


class TopicHtml(TopicVersions):
    """A set of topics as HTML."""

    def version_or_failed(self, topic: PageTopic) -> str | None:
        """The topic's version now, FAILED where it cannot be made; an error of the database is not the topic's."""
        try:
            return self.version(topic)
        except Error:
            raise
        except Exception:
            return FAILED

    def fragment(self, topic: PageTopic) -> Fragment:
        """The topic as it is now; it must have a version. A fault of one topic stops no other.

        A list whose inline rows fail is sent as an outline: those rows then come, or fail, by themselves.
        """
        try:
            return self._fragment(topic)
        except Error:
            raise
        except Exception as error:
            failure = error
        if self.inline and topic.part.is_outline:
            return replace(TopicHtml([topic], self.now).fragment(topic), failure=failure)
        return Fragment(topic, FAILED, render("_failed.html", {"topic": topic}), failure=failure)

    def _fragment(self, topic: PageTopic) -> Fragment:
        version = self.version(topic) or ""
        context = {"topic": topic, "version": version, **topic.part.context(self, topic)}
        return Fragment(topic, version, render(f"_{topic.kind}.html", context), self.times(topic))
