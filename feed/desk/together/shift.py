"""A shift's hand-over as one page, and handing over at once all that a trader has taken."""

from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from feed.attention.concerns import TITLES
from feed.attention.listing import needing_attention
from feed.desk.broken import page, posted
from feed.desk.live_page import FEED, live_page
from feed.live.parts.fragments import TopicHtml
from feed.models import Alert, Fixture, FixtureClaim
from feed.pages.display import number
from feed.pages.shift import read_shift
from feed.store.leaves import note_act
from feed.vouching.sources import read_vouching

from .fixture import Refused, given, handed_over_words, name_of, put_claim, receiver_of, write_note

#: Hours back that can be chosen, and the usual choice.
SPANS = (4, 8, 12, 24)
SPAN = 8
#: The first concerns; the rest is on the page of Attention.
MOST_CONCERNS = 20


@require_safe
def shift(request: HttpRequest) -> HttpResponse:
    """The page of the last `?hours=`: 4, 8, 12 or 24. It is as of when it was opened, to be printed or gone through."""
    given_hours = number(request.GET.get("hours", ""))
    hours = given_hours if given_hours in SPANS else SPAN
    html = TopicHtml([FEED], timezone.now())
    since = html.now - timedelta(hours=hours)
    concerns = needing_attention(html.now, read_vouching(html.now))
    found = read_shift(since, html.now)
    context = {
        **found._asdict(),
        "page": "shift",
        "hours": hours,
        "spans": SPANS,
        "since": since,
        "as_of": html.now,
        "concerns": concerns[:MOST_CONCERNS],
        "more_concerns": max(0, len(concerns) - MOST_CONCERNS),
        "titles": TITLES,
        "own": sum(1 for row in found.taken if row.claim.user_id == request.user.pk),
        "unseen": Alert.objects.filter(rule__user=request.user.pk, seen_at=None).count(),
    }
    return live_page(request, "shift.html", html, context)


@posted
def hand_over(request: HttpRequest) -> HttpResponse:
    """Hand all that the trader has taken over `to` another, with a `text` for all to read: all of it, or nothing."""
    text = given(request, "text")
    try:
        receiver = receiver_of(request)
        if receiver.pk == request.user.pk:
            raise Refused(gettext("These fixtures are yours already."))
        with transaction.atomic():
            own = FixtureClaim.objects.filter(user__username=name_of(request)).order_by("fixture_id")
            fixtures = Fixture.objects.select_for_update().filter(pk__in=list(own.values_list("pk", flat=True)))
            locked = {row.pk: row for row in fixtures.order_by("pk")}
            words = handed_over_words(receiver, text)
            for fixture_id in own.filter(pk__in=locked).values_list("pk", flat=True):
                put_claim(locked[fixture_id], receiver.pk, text)
                write_note(locked[fixture_id], request.user.pk, words)
                note_act("fixture.handed_over", name_of(request), fixture_id, note=words)
    except Refused as refused:
        return page("400.html", 400, message=str(refused))
    return redirect("/shift/")
