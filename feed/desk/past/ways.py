"""Ways from one moment of a page to another."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from feed.pages.display import number
from feed.past.address import at_moment
from feed.past.moments import moment_text, parse_moment
from feed.past.turns import TURNS, price_change

#: The turn that is of one price, which `bet` names as its cell on a page does, "8/4711": bookmaker and id.
OF_PRICE = "price"


@require_safe
def fixture_turn(request: HttpRequest, moment: datetime, fixture_id: int, turn: str) -> HttpResponse:
    """Redirect to where something turned (`feed.past.turns`), or back to where one was if nothing did.

    Who accepts JSON alone is answered with the moment, null for none.
    """
    words = request.GET.copy()
    words.pop("none", None)
    found = None
    if fixture_id < 2**63:
        found = next_price(fixture_id, moment, words) if turn == OF_PRICE else plain(fixture_id, moment, turn)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"moment": found and moment_text(found)})
    if found is None:
        words["none"] = turn
    query = f"?{words.urlencode()}" if words else ""
    return redirect(at_moment(found or moment, reverse("fixture", args=[fixture_id])) + query)


def plain(fixture_id: int, moment: datetime, turn: str) -> datetime | None:
    return TURNS[turn](fixture_id, moment) if turn in TURNS else None


def next_price(fixture_id: int, moment: datetime, words: QueryDict) -> datetime | None:
    """Where the price that the words name, which are taken off, is another one."""
    provider, _, bet = str(words.pop("bet", [""])[-1]).partition("/")
    provider_id, bet_id = number(provider), number(bet)
    if provider_id is None or bet_id is None:
        return None
    return price_change(fixture_id, moment, (provider_id, bet_id))


@require_safe
def go_to_moment(request: HttpRequest) -> HttpResponse:
    """From the form, in UTC: `day` and `time`, and the `fixture`, or the words of a `board`'s address."""
    fixture_id = number(request.GET.get("fixture", ""))
    words = QueryDict(request.GET.get("board", "")).urlencode()
    board = reverse("board") + (f"?{words}" if words else "")
    page = reverse("fixture", args=[fixture_id]) if fixture_id else board
    if "day" not in request.GET:
        return redirect(page)
    return redirect(at_moment(moment_of_form(request), page))


def moment_of_form(request: HttpRequest) -> datetime:
    """Its `day` and `time`."""
    return moment_named(f"{request.GET.get('day', '')}T{request.GET.get('time', '')}")


def moment_named(text: str) -> datetime:
    """The moment. Raises Http404 that says why it is none."""
    try:
        return parse_moment(text)
    except ValueError as error:
        words = {"moment": text, "reason": error}
        raise Http404(gettext("%(moment)s is no moment: %(reason)s.") % words) from None


def must_be_over(moment: datetime) -> None:
    if moment > timezone.now():
        raise Http404(gettext("That moment is still to come."))
