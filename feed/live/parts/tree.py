"""The outrights' tree."""

from collections.abc import Collection
from typing import Any

from feed.pages.fixture import competitions

from .part import PagePart, PageTopic, Subject
from .versions import TopicVersions


class TreePart(PagePart):
    """Every competition with its outrights. Costly to read, so it comes in steps of two seconds."""

    kind = "tree"
    subject = Subject.NOTHING
    pace = 2.0

    def cost(self, topic: PageTopic) -> int:
        return 50

    def may_show(self, topic: PageTopic, aspects: Collection[str], markets: Collection[int], moved: bool) -> bool:
        return moved

    def tree(self, versions: TopicVersions, topic: PageTopic) -> competitions.Tree:
        return competitions.read_tree()

    def version(self, versions: TopicVersions, topic: PageTopic) -> str:
        return versions.once(self.tree, topic).version

    def context(self, versions: TopicVersions, topic: PageTopic) -> dict[str, Any]:
        return {"tree": versions.once(self.tree, topic)}


TREE = TreePart()
