"""The page of a fixture's log."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from feed.codes import MessageType
from feed.desk.live_page import FEED, known_fixture, live_page
from feed.live.parts.fragments import TopicHtml
from feed.live.sessions import VIEW
from feed.models import JournalEntry, Market, Participant
from feed.operations.views import may_operate
from feed.pages.display import number
from feed.pages.fixture.sides import title_of
from feed.pages.labels import market_title
from feed.pages.log.messages import read_log
from feed.past.moments import moment_text, parse_moment

from .form import LogForm, type_name
from .lines import lines_of
from .origin import teller_of_part, teller_of_price

#: Batches that are shown above the one that an address leads to.
LATER = 5
STEP = timedelta(microseconds=1)


@permission_required(VIEW, raise_exception=True)
@require_safe
def log(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """What came and what became of it, newest first.

    `?price=8/77` leads to the message that said a bookmaker's price, `?part=5&revision=12` to that of a revision of a
    part; `?at=` shows a commit and marks it, `?before=` what was committed before.
    """
    fixture = known_fixture(fixture_id)
    if "price" in request.GET or "revision" in request.GET:
        return to_message(request, fixture_id)
    form = LogForm(request.GET)
    if not form.is_valid():
        return page(request, fixture, form, {}, status=400)
    scope, marked = form.scope(), moment(request, "at")
    if (before := moment(request, "before")) is not None:
        scope = msgspec.structs.replace(scope, end=min(before, scope.end or before))
    elif marked is not None:
        scope = msgspec.structs.replace(scope, end=above(fixture_id, marked))
    found = read_log(fixture_id, scope)
    lines = lines_of(fixture_id, found.batches, marked, with_breaks=not scope.is_search)
    older = {**filters(request), "before": moment_text(found.before)} if found.before else None
    context = {
        "lines": lines,
        "older": urlencode(older) if older else "",
        "before": found.before,
        "is_search": scope.is_search,
        "is_newest": before is None and marked is None,
    }
    return page(request, fixture, form, context)


def page(request: HttpRequest, fixture: Any, form: LogForm, context: dict[str, Any], status: int = 200) -> HttpResponse:
    html = TopicHtml([FEED], timezone.now())
    markets = Market.objects.filter(fixture=fixture).order_by("market_id").values_list("market_id", "name")
    frame = {
        "page": "log",
        "fixture": fixture,
        "title": title_of(fixture, list(Participant.objects.filter(fixture=fixture))),
        "form": form,
        "lines": [],
        "older": "",
        "is_search": False,
        "is_newest": True,
        "markets": [(pk, market_title(pk, name)) for pk, name in markets],
        "types": [(int(type), type_name(type)) for type in TYPES],
        "filters": urlencode(filters(request)),
        "may_operate": may_operate(request),
        "is_logging": settings.PROOF,
    }
    response = live_page(request, "log.html", html, {**frame, **context})
    response.status_code = status
    return response


#: Those that speak of fixtures.
TYPES = [type for type in MessageType if type not in (MessageType.KEEP_ALIVE, MessageType.HEARTBEAT)]


def filters(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in LogForm.base_fields if request.GET.get(name)}


def moment(request: HttpRequest, name: str) -> datetime | None:
    """A moment of the address. One that is none leads nowhere."""
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        return parse_moment(text)
    except ValueError as error:
        raise Http404(str(error)) from None


def above(fixture_id: int, at: datetime) -> datetime:
    """The moment before which a page ends with some batches above that one."""
    entries = JournalEntry.objects.filter(fixture_id=fixture_id, committed_at__gte=at)
    later = entries.order_by("committed_at").values_list("committed_at", flat=True).distinct()
    return max(later[:LATER], default=at) + STEP


def to_message(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """On to the page with the message that said a price, or what stands at a revision of a part."""
    provider, _, bet = request.GET.get("price", "").partition("/")
    if bet:
        at = teller_of_price(fixture_id, number(provider), number(bet))
    else:
        at = teller_of_part(fixture_id, number(request.GET.get("part", "")), number(request.GET.get("revision", "")))
    if at is None:
        raise Http404(gettext("The desk does not have the message any more that said this."))
    return redirect(f"/fixtures/{fixture_id}/log/?at={moment_text(at)}#marked")
