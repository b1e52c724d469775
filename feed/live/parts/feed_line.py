"""The line on every page that says whether the feed is live."""

from collections.abc import Collection
from typing import Any

from feed.pages import feed_line

from .part import PagePart, PageTopic, Subject
from .versions import TopicVersions


class FeedLinePart(PagePart):
    """The states of the sources, which no change of a fixture changes. One line for all: without operators' names."""

    kind = "feed"
    subject = Subject.NOTHING

    def may_show(self, topic: PageTopic, aspects: Collection[str], markets: Collection[int], moved: bool) -> bool:
        return False

    def line(self, versions: TopicVersions, topic: PageTopic) -> feed_line.FeedLine:
        return feed_line.feed_line(feed_line.for_everybody(versions.vouching))

    def age(self, versions: TopicVersions, topic: PageTopic) -> feed_line.FeedAge:
        return feed_line.feed_age(versions.vouching)

    def version(self, versions: TopicVersions, topic: PageTopic) -> str:
        line, age = versions.once(self.line, topic), versions.once(self.age, topic)
        return f"{line.version} {age.parts}" if age.parts else line.version

    def context(self, versions: TopicVersions, topic: PageTopic) -> dict[str, Any]:
        return {"line": versions.once(self.line, topic), "age": versions.once(self.age, topic)}


FEED_LINE = FeedLinePart()
