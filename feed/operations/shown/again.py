"""The same topics rendered from the journal at the moment, and compared with what was sent."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from feed.database.moment import one_moment
from feed.live.parts.board.board import BOARD
from feed.live.parts.fragments import TopicHtml, read_fragments
from feed.live.parts.part import PageTopic
from feed.live.parts.registry import parse_topic
from feed.live.parts.tree import TREE
from feed.live.payload import Fragment
from feed.pages.board.query import parse_query
from feed.past.address import as_sent
from feed.past.board import board_opened
from feed.past.fixture import outline_opened
from feed.past.tree import tree_opened
from feed.viewings.reading import Shown, ShownTopic


class Again(StrEnum):
    """What rendering it again says of a topic."""

    SAME = "same"
    DIFFERENT = "different"
    SAME_VERSION = "same version"
    OTHER_VERSION = "other version"
    NOT_COMPARED = "not compared"


class Rendered(NamedTuple):
    """A topic rendered again: what that says, and its HTML, "" where there is none."""

    again: Again = Again.NOT_COMPARED
    html: str = ""


def rendered_again(shown: Shown, moment: datetime, most: int | None = None) -> dict[str, Rendered]:
    """Of each topic whether the page of the past has the same HTML, byte by byte; of `most` topics at most.

    SAME_VERSION: what came with the page itself has no digest, only a version. OTHER_VERSION: by then the desk had
    stored a change that the page had not been sent, or the journal does not reach back. NOT_COMPARED: what a program
    was told, what has no page of the past, and what is beyond `most`.
    """
    found = dict.fromkeys(shown.topics, Rendered())
    topics = [parsed for name in shown.topics if (parsed := page_topic(name)) is not None][:most]
    if not topics:
        return found
    with page_opened(shown, moment) as prepare, as_sent():
        updates = read_fragments({topic: [""] for topic in topics}, moment, prepare=prepare)
    for topic, update in updates.items():
        payload = update.payloads.get("")
        if isinstance(payload, Fragment):
            found[str(topic)] = Rendered(compared(shown.topics[str(topic)], payload), payload.html)
    missing = [str(topic) for topic in topics if topic not in updates]
    return found | {name: Rendered(Again.OTHER_VERSION) for name in missing}


def page_topic(name: str) -> PageTopic | None:
    """None for a topic that the desk does not know any more, and those of programs."""
    try:
        return parse_topic(name)
    except ValueError:
        return None


def compared(shown: ShownTopic, fragment: Fragment) -> Again:
    if fragment.version != shown.version:
        return Again.OTHER_VERSION
    if not shown.digest:
        return Again.SAME_VERSION
    digest = hashlib.sha256(fragment.html.encode()).hexdigest()
    return Again.SAME if digest.startswith(shown.digest) else Again.DIFFERENT


@contextmanager
def page_opened(shown: Shown, moment: datetime) -> Iterator[Callable[[TopicHtml], None]]:
    """Inside, this thread reads what the page showed as it was: a fixture's, the outrights' tree, or a board."""
    parsed = [topic for name in shown.topics if (topic := page_topic(name)) is not None]
    board = next((topic for topic in parsed if topic.part is BOARD), None)
    fixture_ids = {topic.fixture_id for topic in parsed if topic.fixture_id}
    if board is None and len(fixture_ids) == 1:
        with one_moment(), outline_opened(fixture_ids.pop(), moment) as need_bets:
            yield lambda html: need_bets(html.bet_market_ids())
        return
    if any(topic.part is TREE for topic in parsed):
        with one_moment(), tree_opened(moment):
            yield lambda html: None
        return
    query = parse_query(board.query if board is not None else "")
    has_prices, picked = query.provider_id is not None, query.picked_ids
    with one_moment(), board_opened(moment, query.market_id, picked, has_prices=has_prices) as need_rows:
        yield lambda html: need_rows(html.row_fixture_ids())
