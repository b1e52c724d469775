"""What was on a page, as a document that does nothing: for a frame without scripts, forms, links or connections."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from feed.live.parts.board.board import BOARD
from feed.live.parts.board.row import ROW
from feed.live.parts.markets.market import MARKET
from feed.live.parts.markets.markets import MARKETS
from feed.live.parts.part import PageTopic
from feed.live.parts.registry import PARTS
from feed.models import Desk

from .again import Rendered, page_topic

#: The parts that belong in a list, and that list.
WITHIN = {ROW: BOARD, MARKET: MARKETS}
#: The order of the parts on a page.
PLACES = {part: place for place, part in enumerate(PARTS.values())}


def document(rendered: Mapping[str, Rendered], moment: datetime, desk: Desk) -> str:
    """The HTML of the topics that could be rendered; "" where there are none."""
    topics = {topic: found.html for name, found in rendered.items() if (topic := page_topic(name)) and found.html}
    if not topics:
        return ""
    outlines = {topic.part for topic in topics}
    alone = {topic: html for topic, html in topics.items() if WITHIN.get(topic.part) not in outlines}
    parts = [
        (topic, filled(html, topics) if topic.part in (BOARD, MARKETS) else html)
        for topic, html in sorted(alone.items(), key=lambda item: (PLACES[item[0].part], item[0].fixture_id))
    ]
    rows = [mark_safe(html) for topic, html in parts if topic.part is ROW]  # noqa: S308 - templates escaped it
    others = [mark_safe(html) for topic, html in parts if topic.part is not ROW]  # noqa: S308
    context = {"parts": others, "rows": rows, "moment": moment, "desk": desk}
    return render_to_string("shown_document.html", context, using="desk")


def filled(outline: str, topics: Mapping[PageTopic, str]) -> str:
    """A list in which each row or market that was rendered by itself stands in its place."""
    own = {topic.element_id: html for topic, html in topics.items() if topic.part in WITHIN}

    def replaced(found: re.Match[str]) -> str:
        return own.get(found["id"], found[0])

    return re.sub(r'<(tr|section)\s+id="(?P<id>(?:row|market)-[\d-]+)".*?</\1>', replaced, outline, flags=re.DOTALL)
