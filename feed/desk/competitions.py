"""The outrights' tree."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from feed.live.parts.fragments import TopicHtml
from feed.live.parts.tree import TREE

from .live_page import FEED, live_page, safe


@require_safe
def competitions(request: HttpRequest) -> HttpResponse:
    """The whole tree, which changes as outrights come, begin and end."""
    return competitions_page(request, timezone.now())


def competitions_page(request: HttpRequest, now: datetime) -> HttpResponse:
    topic = TREE.topic()
    html = TopicHtml([FEED, topic], now)
    context = {"page": "competitions", "tree_fragment": safe(html, topic)}
    return live_page(request, "competitions.html", html, context)
