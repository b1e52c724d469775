"""The page on which operators see what somebody had on the screen at a moment (docs/shown.md)."""

import threading
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import security_log
from feed.desk.live_page import FEED, live_page
from feed.desk.own import desk_of
from feed.live.parts.board.board import BOARD
from feed.live.parts.fragments import TopicHtml
from feed.live.parts.tree import TREE
from feed.operations.views import may_operate
from feed.pages.board.query import parse_query
from feed.past.address import at_moment
from feed.past.moments import moment_text
from feed.store.leaves import note_act
from feed.viewings.reading import Shown, shown_to
from feed.viewings.viewers import hash_of

from .again import Again, Rendered, page_topic, rendered_again
from .document import document
from .form import ShownForm, moment_value
from .written import written

#: Sockets whose topics the page has, topics that have lines, and lines that are rendered again.
MOST_SOCKETS, MOST_LINES, MOST_RENDERED = 40, 1000, 400
USUAL_AGE = timedelta(minutes=1)
#: One is looked up at a time: this process serves pages meanwhile.
TURN = threading.Lock()
#: What it means that a topic is, or is not, the same.
WORDS = {
    Again.SAME: gettext_lazy("The same, byte by byte: the SHA-256 of what was sent is that of the journal's."),
    Again.DIFFERENT: gettext_lazy("Not the same: what was sent had this version, and other HTML."),
    Again.SAME_VERSION: gettext_lazy("The same version; it came with the page itself, of which no hash is taken."),
    Again.OTHER_VERSION: gettext_lazy(
        "Another version: the desk had stored a change by then that this page had not been sent, the journal does not "
        "reach back so far, or the part shows what is in no journal (ages, who is on the page)."
    ),
    Again.NOT_COMPARED: gettext_lazy("Not rendered again: a program was told this, or it is too much for this page."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def shown(request: HttpRequest) -> HttpResponse:
    """The form; posted, what was shown, as a page or as JSON. Each look at somebody's screens is an act in the log."""
    if not may_operate(request):
        raise PermissionDenied(gettext_lazy("What was shown is for operators."))
    now = timezone.now()
    form = ShownForm(request.POST) if request.method == "POST" else ShownForm(initial=usual(request, now))
    context: dict[str, Any] = {"page": "health", "form": form, "found": None}
    if request.method == "POST" and form.is_valid():
        if not TURN.acquire(blocking=False):
            form.add_error(None, gettext("Somebody else is being looked up; come back in a minute."))
        else:
            try:
                found = looked_up(request, form)
                if "json" in request.POST:
                    return download(form, found)
                context |= results(request, form, found)
            finally:
                TURN.release()
    response = live_page(request, "shown.html", TopicHtml([FEED], now), context)
    response.status_code = 400 if form.errors else 200
    return response


def usual(request: HttpRequest, now: datetime) -> dict[str, str]:
    """What the form is opened with: what the address names, and a minute ago."""
    return {"who": request.GET.get("who", ""), "at": request.GET.get("at", "") or moment_value(now - USUAL_AGE)}


def looked_up(request: HttpRequest, form: ShownForm) -> list[Shown]:
    """What is there of them, or of the one socket that the form names; written down before it is answered."""
    moment, who = form.cleaned_data["at"], hash_of(form.viewer())
    found = shown_to(who, moment) if who is not None else []
    if wanted := form.cleaned_data["socket"]:
        found = [one for one in found if socket_name(one) == wanted]
    security_log.record("shown.read", request, whose=form.names[form.cleaned_data["who"]], at=moment_text(moment))
    note_act("shown.read", request.user.get_username(), of=(who or b"").hex(), at=moment_text(moment))
    return found


def socket_name(one: Shown) -> str:
    return f"{one.process}/{one.number}"


def download(form: ShownForm, found: list[Shown]) -> HttpResponse:
    moment, who = form.cleaned_data["at"], form.names[form.cleaned_data["who"]]
    is_again = len(found) == 1
    sockets = [written(one, moment, is_again, MOST_RENDERED) for one in found[:MOST_SOCKETS]]
    answer = {"who": who, "at": moment, "sockets": sockets, "left_out": len(found) - len(sockets)}
    content = msgspec.json.format(msgspec.json.encode(answer))
    headers = {"Content-Disposition": f'attachment; filename="shown-{moment:%Y%m%dT%H%M%S}.json"'}
    return HttpResponse(content, content_type="application/json", headers=headers)


def results(request: HttpRequest, form: ShownForm, found: list[Shown]) -> dict[str, Any]:
    """Each socket with its topics; where it is one alone, as it stood."""
    moment = form.cleaned_data["at"]
    is_again = len(found) == 1
    rendered = rendered_again(found[0], moment, MOST_RENDERED) if is_again else {}
    sockets = [described(one, moment, rendered) for one in found[:MOST_SOCKETS]]
    whole = document(rendered, moment, desk_of(request.user)) if rendered else ""
    name = form.names[form.cleaned_data["who"]]
    counts = {"number": len(found), "left_out": len(found) - len(sockets)}
    return {"found": sockets, **counts, "is_again": is_again, "document": whole, "name": name, "words": WORDS}


def described(one: Shown, moment: datetime, rendered: dict[str, Rendered]) -> dict[str, Any]:
    """A socket for the template."""
    lines = [{"shown": topic, "again": rendered.get(name)} for name, topic in list(one.topics.items())[:MOST_LINES]]
    counts = {again: sum(found.again is again for found in rendered.values()) for again in Again}
    return {
        "shown": one,
        "name": socket_name(one),
        "lines": lines,
        "left_out": len(one.topics) - len(lines),
        "counts": {again: count for again, count in counts.items() if count},
        "past": past_page(one, moment),
    }


def past_page(one: Shown, moment: datetime) -> str:
    """The address of the same page as it was; "" where that cannot be told."""
    topics = [topic for name in one.topics if (topic := page_topic(name)) is not None]
    board = next((topic for topic in topics if topic.part is BOARD), None)
    if board is not None:
        address = parse_query(board.query).address
        return at_moment(moment, "/") + (f"?{address}" if address else "")
    if any(topic.part is TREE for topic in topics):
        return at_moment(moment, "/competitions/")
    fixture_ids = {topic.fixture_id for topic in topics if topic.fixture_id}
    return at_moment(moment, f"/fixtures/{fixture_ids.pop()}/") if len(fixture_ids) == 1 else ""
