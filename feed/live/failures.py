"""What cannot be made: told in the log once, however many topics fail by the same fault, and once when it can again."""

import logging
import traceback
from collections.abc import Container, Mapping
from typing import Any

from .fragment import Found

logger = logging.getLogger(__name__)


class Failures:
    """The topics that fail now, each with its fault."""

    def __init__(self) -> None:
        self.of_topics: dict[Any, str] = {}

    def note(self, found: Mapping[Any, Found], watched: Container[Any]) -> None:
        """What a look has found, of the topics that are still watched."""
        before = set(self.of_topics.values())
        for topic, now_found in found.items():
            self.forget(topic)
            failure = next((each.failure for each in now_found.fragments.values() if each.failure), None)
            if failure is None or topic not in watched:
                continue
            if (fault := fault_of(failure)) not in {*before, *self.of_topics.values()}:
                logger.error("%s cannot be made, and says so on the page: %s", topic, fault, exc_info=failure)
            self.of_topics[topic] = fault
        for fault in before.difference(self.of_topics.values()):
            logger.warning("Mended: %s", fault)

    def forget(self, topic: Any) -> None:
        """Nobody watches it any more."""
        self.of_topics.pop(topic, None)


def fault_of(failure: Exception) -> str:
    """The error and where it came from: the same for all that fail by it, whatever the words of each."""
    last = traceback.extract_tb(failure.__traceback__)[-1]
    return f"{type(failure).__name__} in {last.filename}, line {last.lineno}"
