"""The page of movers, and the same as a panel beside the board."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from feed.live.parts.fragments import TopicHtml
from feed.live.right_of_way import CHANGES_FIRST
from feed.pages.display import number
from feed.pages.labels import market_label
from feed.pages.prices.movers import MOST_FIXTURES, WINDOWS, read_movers
from feed.pages.prices.odds import odds_text
from feed.pages.prices.reactions import read_reactions
from feed.past.database import OPENED
from feed.vouching.sources import read_vouching

from .live_page import FEED, live_page
from .own import desk_of

Found = TypeVar("Found")

SUSPENDED_SECONDS = 60
MOST_SECONDS = 86_400
#: All who look at movers within this time share one reading, and longer where it took long: one reading in a process
#: at a time, and for ten times as long as it took no other of the same lists.
SHARED_SECONDS, SHARED_TIMES, MOST_SHARED_SECONDS = 2.0, 10.0, 10.0
READING = threading.Lock()
WINDOW = 5
#: Goals are rarer than moves.
GOAL_WINDOWS, SHARED_GOAL_SECONDS = (60, 180, 720), 10


@require_safe
def movers(request: HttpRequest) -> HttpResponse:
    """The page; `?minutes=` 1, 5 or 30, `?suspended=` seconds, `?goals` for moves that a goal explains. It renews its
    lists by itself."""
    return movers_page(request, timezone.now())


def movers_page(request: HttpRequest, now: datetime, most: int = MOST_FIXTURES) -> HttpResponse:
    """The page of the moves in the `most` fixtures that began first."""
    desk = desk_of(request.user)
    html = TopicHtml([FEED], now)
    context = {"page": "movers", **lists(request, desk.odds, html.now), "windows": WINDOWS, "most": most}
    return live_page(request, "movers.html", html, context, desk)


@require_safe
def movers_lists(request: HttpRequest) -> HttpResponse:
    """The lists alone, for the page to renew them; with `?panel` the short ones beside the board."""
    context = lists(request, desk_of(request.user).odds, timezone.now())
    return render(request, "_movers_panel.html" if "panel" in request.GET else "_movers.html", context, using="desk")


@require_safe
def reactions(request: HttpRequest) -> HttpResponse:
    """How bookmakers reacted to the goals of the last `?minutes=`: 60, 180 or 720."""
    given = number(request.GET.get("minutes", ""))
    minutes = given if given in GOAL_WINDOWS else GOAL_WINDOWS[0]
    html = TopicHtml([FEED], timezone.now())
    found = shared(
        f"reactions:{minutes}", SHARED_GOAL_SECONDS, lambda: read_reactions(html.now - timedelta(minutes=minutes))
    )
    context = {"page": "reactions", **found._asdict(), "spans": GOAL_WINDOWS, "minutes": minutes}
    return live_page(request, "reactions.html", html, context)


def lists(request: HttpRequest, odds: str, now: datetime) -> dict[str, Any]:
    """What the templates need."""
    given = number(request.GET.get("minutes", ""))
    minutes = given if given in WINDOWS else WINDOW
    seconds = min(number(request.GET.get("suspended", "")) or SUSPENDED_SECONDS, MOST_SECONDS)
    has_goals = "goals" in request.GET
    vouching = read_vouching(now)
    found = shared(
        f"movers:{minutes}:{seconds}:{has_goals}",
        SHARED_SECONDS,
        lambda: read_movers(now, minutes, seconds, vouching, has_goals),
    )
    return {
        "goals": has_goals,
        "minutes": minutes,
        "seconds": seconds,
        "movers": found,
        "has_doubts": not all(source.is_up for source in vouching.sources),
        "price": lambda price: odds_text(price, odds),
        "market": market_label,
        "since": lambda moment: words(now - moment),
    }


def shared(key: str, seconds: float, read: Callable[[], Found]) -> Found:
    """What `read` returns, read once for all who ask at about the same time; of the past, few ask, each time."""
    if OPENED.past is not None:
        return read()
    if (found := cache.get(key)) is None:
        with READING, CHANGES_FIRST.not_given():
            if (found := cache.get(key)) is None:
                begun = time.monotonic()
                found = read()
                took = SHARED_TIMES * (time.monotonic() - begun)
                cache.set(key, found, max(seconds, min(took, MOST_SHARED_SECONDS)))
    return cast(Found, found)


def words(span: timedelta) -> str:
    """ "45 s", "12 min", "3 h"."""
    seconds = int(span.total_seconds())
    if seconds < 120:
        return gettext("%(number)s s") % {"number": seconds}
    if seconds < 7200:
        return gettext("%(number)s min") % {"number": seconds // 60}
    return gettext("%(number)s h") % {"number": seconds // 3600}
