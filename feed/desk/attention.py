"""The page of what needs the trader now, and what this trader does not want to see again."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from feed.live.parts.attention import ATTENTION, KEY, MOST_DISMISSED, words_of
from feed.live.parts.fragments import TopicHtml
from feed.models import Desk

from .broken import page, posted
from .live_page import FEED, live_page, safe
from .own import change_desk, desk_of


@require_safe
def attention(request: HttpRequest) -> HttpResponse:
    """The list, which is pushed as it changes."""
    desk = desk_of(request.user)
    topic = ATTENTION.topic(query=words_of(desk.dismissed))
    html = TopicHtml([FEED, topic], timezone.now())
    return live_page(request, "attention.html", html, {"page": "attention", "fragment": safe(html, topic)}, desk)


@posted
def dismiss(request: HttpRequest) -> HttpResponse:
    """Dismiss the concern with this `key`. The answer is the topic of the list without it."""
    key = request.POST.get("key", "")
    if not KEY.fullmatch(key):
        return page("400.html", 400, message=gettext("There is no such concern."))

    def change(desk: Desk) -> None:
        rest = [other for other in desk.dismissed if other != key]
        desk.dismissed = [*rest, key][-MOST_DISMISSED:]

    desk = change_desk(request.user, change)
    return JsonResponse({"topic": str(ATTENTION.topic(query=words_of(desk.dismissed)))})


@posted
def dismiss_none(request: HttpRequest) -> HttpResponse:
    """Show again all that was dismissed."""

    def change(desk: Desk) -> None:
        desk.dismissed = []

    change_desk(request.user, change)
    return redirect("/attention/")
