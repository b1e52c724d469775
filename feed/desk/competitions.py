"""The outrights' tree."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from feed.live.parts.fragments import TopicHtml
from feed.live.parts.tree import TREE

from .live_page import FEED, live_page, safe


@require_GET
def competitions(request: HttpRequest) -> HttpResponse:
    """The whole tree, which changes as outrights come, begin and end."""
    topic = TREE.topic()
    html = TopicHtml([FEED, topic], timezone.now())
    context = {"page": "competitions", "tree_fragment": safe(html, topic)}
    return live_page(request, "competitions.html", html, context)
