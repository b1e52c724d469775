"""Two moments of a fixture side by side."""

from collections.abc import Collection
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from feed.database.moment import one_moment
from feed.desk.live_page import FEED, live_page, unknown
from feed.desk.own import desk_of, display_of
from feed.journal.entries import newest
from feed.journal.states import market_keys
from feed.live.parts.fragments import TopicHtml
from feed.models import Fixture
from feed.pages.compared import Snapshot, facts_of, markets_of, snapshot
from feed.pages.display import Display
from feed.past.address import at_moment
from feed.past.fixture import outline_opened
from feed.past.moments import moment_text

from .ways import moment_of_form, must_be_over


@require_safe
def beside(request: HttpRequest, moment: datetime, fixture_id: int) -> HttpResponse:
    """The moment of the address beside that of the form, `day` and `time`; without them beside the present."""
    other = timezone.now()
    if "day" in request.GET:
        other = moment_of_form(request)
    first, last = sorted((moment, other))
    return redirect(at_moment(first, f"/fixtures/{fixture_id}/beside/{moment_text(last)}/"))


@require_safe
def side_by_side(request: HttpRequest, moment: datetime, fixture_id: int, other: datetime) -> HttpResponse:
    """The fixture's page at two moments side by side, with what differs; markets without a difference are left out."""
    must_be_over(max(moment, other))
    if fixture_id >= 2**63:
        raise unknown(fixture_id)
    desk = desk_of(request.user)
    with one_moment():
        changed = changed_markets(fixture_id, moment, other)
        after = snapshot_at(fixture_id, other, changed, display_of(desk))
        with outline_opened(fixture_id, moment) as need_bets:
            need_bets(changed)
            before = taken(fixture_id, moment, changed, display_of(desk))
            context = {
                "page": "fixture",
                "fixture_id": fixture_id,
                "title": after.title,
                "moments": (moment, other),
                "facts": facts_of(before, after),
                "markets": markets_of(before, after),
            }
            return live_page(request, "beside.html", TopicHtml([FEED], moment), context, desk)


def changed_markets(fixture_id: int, moment: datetime, other: datetime) -> set[int]:
    """The markets of which the journal has anything between the two."""
    keys = market_keys(fixture_id)
    first, second = ({key: entry.revision for key, entry in newest(keys, at).items()} for at in (moment, other))
    return {key.market_id for key in keys if first.get(key) != second.get(key)}


def snapshot_at(fixture_id: int, moment: datetime, market_ids: Collection[int], display: Display) -> Snapshot:
    with outline_opened(fixture_id, moment) as need_bets:
        need_bets(market_ids)
        return taken(fixture_id, moment, market_ids, display)


def taken(fixture_id: int, moment: datetime, market_ids: Collection[int], display: Display) -> Snapshot:
    """A snapshot of the past that is open."""
    if not Fixture.objects.filter(pk=fixture_id).exists():
        number_then = {"number": fixture_id, "moment": moment_text(moment).replace("T", " ")}
        raise Http404(gettext("The desk has nothing about fixture %(number)s at %(moment)s UTC.") % number_then)
    return snapshot(fixture_id, market_ids, moment, display)
