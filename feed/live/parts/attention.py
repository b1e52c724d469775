"""The list of what needs the trader now, without what this trader does not want to see again."""

import hashlib
import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

from feed.attention.concerns import TITLES, Concern
from feed.attention.listing import needing_attention

from .part import PagePart, PageTopic, Subject
from .versions import TopicVersions

#: As many as fit into a topic.
MOST_DISMISSED = 200
KEY = re.compile(r"[0-9a-f]{10}")


class AttentionPart(PagePart):
    """All concerns that are due. One list is read for all who watch; what differs is what each has dismissed."""

    kind = "attention"
    subject = Subject.NOTHING
    pace = 0.5
    follows_everything = True

    def cost(self, topic: PageTopic) -> int:
        """It is read in the slow lane, so that no price waits for it."""
        return 50

    def may_show(self, topic: PageTopic, aspects: Collection[str], markets: Collection[int], moved: bool) -> bool:
        return True

    def concerns(self, versions: TopicVersions, topic: PageTopic) -> list[Concern]:
        dismissed = dismissed_of(topic.query)
        due = needing_attention(versions.now, versions.vouching)
        return [concern for concern in due if concern.key not in dismissed]

    def version(self, versions: TopicVersions, topic: PageTopic) -> str:
        concerns = [tuple(concern) for concern in versions.once(self.concerns, topic)]
        feed = all(source.is_up for source in versions.vouching.sources)
        return hashlib.blake2s(repr((concerns, feed)).encode(), digest_size=8).hexdigest()

    def context(self, versions: TopicVersions, topic: PageTopic) -> dict[str, Any]:
        concerns = versions.once(self.concerns, topic)
        return {
            "concerns": concerns,
            "titles": TITLES,
            "dismissed": len(dismissed_of(topic.query)),
            "has_doubts": not all(source.is_up for source in versions.vouching.sources),
        }


def words_of(dismissed: Collection[str]) -> str:
    """The words of the topic of a trader who has dismissed these."""
    return f"not={','.join(dismissed)}" if dismissed else ""


@lru_cache(maxsize=256)
def dismissed_of(words: str) -> frozenset[str]:
    """The keys that the words of a topic name; what is no key is left out."""
    given = parse_qs(words).get("not", [""])[0]
    return frozenset(KEY.findall(given)[:MOST_DISMISSED])


ATTENTION = AttentionPart()
