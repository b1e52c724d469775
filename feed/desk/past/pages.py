"""Movers and the outrights' tree as they were, and a page that says so for what has no recorded past."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from feed.database.moment import one_moment
from feed.desk.competitions import competitions_page
from feed.desk.live_page import FEED, live_page
from feed.desk.movers import movers_page
from feed.live.parts.fragments import TopicHtml
from feed.pages.prices.movers import current_fixtures
from feed.past.board import board_opened
from feed.past.feeds import feeds_opened
from feed.past.tree import tree_opened

from .ways import moment_named, must_be_over

#: Matches whose movers are read, those that began first: as many as have prices on a board of the past.
PAST_FIXTURES = 100
#: Pages of the present that have no past: their titles, and why.
WITHOUT_PAST = {
    "attention": (
        gettext_lazy("Attention"),
        gettext_lazy(
            "What needed attention at that moment is not recorded: it is worked out each second from prices and "
            "scores. Those are on the board and on the fixtures' pages of that moment."
        ),
    ),
    "alerts": (
        gettext_lazy("Alerts"),
        gettext_lazy(
            "How rules stood at that moment is not recorded. The alerts that fired are, with their times: they are on "
            "the page of today."
        ),
    ),
}


@require_safe
def movers_at(request: HttpRequest, moment: datetime) -> HttpResponse:
    """The four lists as they were; they do not renew themselves."""
    must_be_over(moment)
    with one_moment(), board_opened(moment) as need_rows:
        need_rows(current_fixtures(moment)[:PAST_FIXTURES])
        return movers_page(request, moment, most=PAST_FIXTURES)


@require_safe
def competitions_at(request: HttpRequest, moment: datetime) -> HttpResponse:
    """The tree as it was."""
    must_be_over(moment)
    with one_moment(), tree_opened(moment):
        return competitions_page(request, moment)


@require_safe
def has_no_past(request: HttpRequest, moment: datetime, page: str) -> HttpResponse:
    """A page that says why it has no past."""
    must_be_over(moment)
    title, words = WITHOUT_PAST[page]
    with one_moment(), feeds_opened(moment):
        context = {"page": page, "title": title, "words": words, "present": f"/{page}/"}
        return live_page(request, "has_no_past.html", TopicHtml([FEED], moment), context)


def not_there(request: HttpRequest, moment: str, rest: str) -> HttpResponse:
    """What is asked of the past and is none of its pages. Raises Http404 that says which of both cannot be."""
    moment_named(moment)
    raise Http404(gettext("There is no such page of the past."))
