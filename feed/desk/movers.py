"""The page of movers, and the same as a panel beside the board."""

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from feed.live.fragments import Screen
from feed.pages.labels import market_label
from feed.pages.look import number
from feed.pages.movers import WINDOWS, Movers, read_movers
from feed.pages.odds import odds_text
from feed.pages.vouching import read_vouching
from feed.views import FEED, live_page

from .own import desk_of

SUSPENDED_SECONDS = 60
MOST_SECONDS = 86_400
#: All who look at movers within this time share one reading.
SHARED_SECONDS = 2
WINDOW = 5


@require_GET
def movers(request: HttpRequest) -> HttpResponse:
    """The page; `?minutes=` 1, 5 or 30, `?suspended=` seconds. It renews its lists by itself."""
    desk = desk_of(request.user)
    screen = Screen([FEED], timezone.now())
    context = {"page": "movers", **lists(request, desk.odds, screen.now), "windows": WINDOWS}
    return live_page(request, "movers.html", screen, context, desk)


@require_GET
def movers_lists(request: HttpRequest) -> HttpResponse:
    """The lists alone, for the page to renew them; with `?panel` the short ones beside the board."""
    context = lists(request, desk_of(request.user).odds, timezone.now())
    return render(request, "_movers_panel.html" if "panel" in request.GET else "_movers.html", context, using="desk")


def lists(request: HttpRequest, odds: str, now: datetime) -> dict[str, Any]:
    """What the templates need."""
    asked = number(request.GET.get("minutes", ""))
    minutes = asked if asked in WINDOWS else WINDOW
    seconds = min(number(request.GET.get("suspended", "")) or SUSPENDED_SECONDS, MOST_SECONDS)
    found = shared(minutes, seconds, now)
    return {
        "minutes": minutes,
        "seconds": seconds,
        "movers": found,
        "price": lambda price: odds_text(price, odds),
        "market": market_label,
        "since": lambda moment: words(now - moment),
    }


def shared(minutes: int, seconds: int, now: datetime) -> Movers:
    """The lists, read once for all who ask at about the same time."""
    key = f"movers:{minutes}:{seconds}"
    if (found := cache.get(key)) is None:
        found = read_movers(now, minutes, seconds, read_vouching(now))
        cache.set(key, found, SHARED_SECONDS)
    return found


def words(span: timedelta) -> str:
    """ "45 s", "12 min", "3 h"."""
    seconds = int(span.total_seconds())
    if seconds < 120:
        return gettext("%(number)s s") % {"number": seconds}
    if seconds < 7200:
        return gettext("%(number)s min") % {"number": seconds // 60}
    return gettext("%(number)s h") % {"number": seconds // 3600}
