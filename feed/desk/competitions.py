"""The outrights' tree."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from feed.live.fragments import Screen
from feed.live.topics import Kind, Topic
from feed.views import FEED, live_page, safe

TREE = Topic(Kind.TREE)


@require_GET
def competitions(request: HttpRequest) -> HttpResponse:
    """The whole tree, which changes as outrights come, begin and end."""
    screen = Screen([FEED, TREE], timezone.now())
    context = {"page": "competitions", "tree_fragment": safe(screen, TREE)}
    return live_page(request, "competitions.html", screen, context)
