"""What cannot be made: logged once, however many topics fail by the same fault, and once when it can be made again."""

import logging
import traceback
from collections.abc import Container

from feed.live.payload import Updates
from feed.live.topic import Topic

logger = logging.getLogger(__name__)


class Failures:
    """The topics that fail now, each with its fault."""

    def __init__(self) -> None:
        self.of_topics: dict[Topic, str] = {}

    def note(self, updates: Updates, watched: Container[Topic]) -> None:
        """Note the results of a poll, and which topics are still watched."""
        for topic in [topic for topic in self.of_topics if topic not in watched]:
            del self.of_topics[topic]
        before = set(self.of_topics.values())
        for topic, update in updates.items():
            self.of_topics.pop(topic, None)
            failure = next((payload.failure for payload in update.payloads.values() if payload.failure), None)
            if failure is None or topic not in watched:
                continue
            if (fault := fault_of(failure)) not in {*before, *self.of_topics.values()}:
                logger.error("%s cannot be made, and the page says so: %s", topic, fault, exc_info=failure)
            self.of_topics[topic] = fault
        for fault in before.difference(self.of_topics.values()):
            logger.warning("Works again: %s", fault)


def fault_of(failure: Exception) -> str:
    """The error and where it came from: the same for all that fail by it, whatever their words."""
    last = traceback.extract_tb(failure.__traceback__)[-1]
    return f"{type(failure).__name__} in {last.filename}, line {last.lineno}"
