"""Movers and the outrights' tree as they were."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from feed.database.moment import one_moment
from feed.desk.competitions import competitions_page
from feed.desk.movers import movers_page
from feed.pages.prices.movers import current_fixtures
from feed.past.board import board_opened
from feed.past.tree import tree_opened

from .ways import must_be_over

#: Of so many matches the movers are read, those that began first: as many as have prices on a board of the past.
PAST_FIXTURES = 100


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
