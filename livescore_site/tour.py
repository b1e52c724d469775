"""The demo's tour on the pages: what happens now in plain words, what to look at, and where. `demo --tour` has one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

if TYPE_CHECKING:
    from sandbox.tour import Tour

#: The names that links to pages have, and to the match that it happens to.
FIXTURE = gettext_noop("This match")
PAGES = {
    "board": gettext_noop("Board"),
    "fixture": FIXTURE,
    "attention": gettext_noop("Attention"),
    "health": gettext_noop("Health"),
}


class Words(NamedTuple):
    """A step in words: its title, what happens, what to look at, and the pages to look at it."""

    title: str
    happens: str
    watch: str
    pages: tuple[str, ...]


STEPS = {
    "calm": Words(
        gettext_noop("All is well"),
        gettext_noop("Bookmakers move their prices as the matches go on. The desk shows each change as it comes."),
        gettext_noop(
            "Both dots at the top are green: the feed is up, and this page is live. ▲ and ▼ stand at prices that moved."
        ),
        ("board",),
    ),
    "goal": Words(
        gettext_noop("A goal"),
        gettext_noop("%(match)s: the home side has scored. Bookmakers suspend their prices until they have new ones."),
        gettext_noop(
            "The score; and its prices, in grey with ‖: suspended, so not tradable. Point at one for the reason. "
            "They open again one bookmaker after another."
        ),
        ("fixture", "board"),
    ),
    "suspension": Words(
        gettext_noop("A suspension"),
        gettext_noop("%(match)s: LSports suspends all of its prices by hand, without a goal."),
        gettext_noop("The whole match is closed and says so. If it lasted for three minutes, Attention would list it."),
        ("fixture", "attention"),
    ),
    "hole": Words(
        gettext_noop("A hole"),
        gettext_noop(
            "%(match)s: a message was lost on its way; the number of the next one shows it. Nobody knows what it "
            "said, so the desk closes this market until it is sent again."
        ),
        gettext_noop(
            'Attention lists the match under "Messages missing". Its first market says why it is closed; the '
            "other markets stay open."
        ),
        ("attention", "fixture"),
    ),
    "outage": Words(
        gettext_noop("An outage"),
        gettext_noop(
            "Nothing comes any more, not even heartbeats. After %(late)s s the feed is late, after %(down)s s it "
            "is down."
        ),
        gettext_noop(
            "The dot of the feed at the top turns, with since when; and no price looks open any more, on any page."
        ),
        ("board", "health"),
    ),
    "recovery": Words(
        gettext_noop("Recovery"),
        gettext_noop(
            "Heartbeats come again. What was said meanwhile is not known: a price stays closed until it is "
            "confirmed. In a few seconds LSports sends everything again."
        ),
        gettext_noop(
            "The feed is up, yet prices stay underlined with dots: unconfirmed. Then they open, all of them. The "
            "board is as if nothing had happened."
        ),
        ("board", "health"),
    ),
}
BEFORE = Words(
    gettext_noop("A tour of the desk"),
    gettext_noop("In three minutes you see what can happen: a goal, a suspension, a hole, an outage, a recovery."),
    gettext_noop("This panel stays here and says what happens. You may open any page meanwhile."),
    (),
)
AFTER = Words(
    gettext_noop("That was the tour"),
    gettext_noop(
        "No price looked open that the desk could not vouch for. The faults page of the simulated supplier has "
        "more to try."
    ),
    gettext_noop("Health shows the last hour with the outage in it; the match's log shows its part."),
    ("health", "fixture"),
)


@dataclass(frozen=True)
class Panel:
    """What the panel shows. `number` of `steps` is 0 where the tour does not run; `left` is in seconds."""

    title: str
    happens: str
    watch: str
    links: list[tuple[str, str]]
    number: int
    left: int
    steps: int = len(STEPS)


class Shown:
    """The tour that pages show; `demo --tour` sets it."""

    tour: "Tour | None" = None


def tour_panel() -> Panel | None:
    """What pages show of the tour now; None without one."""
    tour = Shown.tour
    if tour is None:
        return None
    at = tour.at
    words = STEPS[at.step] if at else AFTER if tour.is_over else BEFORE
    fixture_id = tour.coverage.fixture_id if tour.coverage else 0
    return Panel(
        title=gettext(words.title),
        happens=gettext(words.happens) % values(at.match if at else ""),
        watch=gettext(words.watch),
        links=[
            (gettext(PAGES[page]), address(page, fixture_id)) for page in words.pages if page != "fixture" or fixture_id
        ],
        number=at.number if at else 0,
        left=max(0, round((at.until - tour.supplier.now) / 1000)) if at else 0,
    )


def values(match: str) -> dict[str, object]:
    return {"match": match, "late": settings.FEED_LATE_SECONDS, "down": settings.FEED_DOWN_SECONDS}


def address(page: str, fixture_id: int) -> str:
    return reverse("fixture", args=[fixture_id]) if page == "fixture" else reverse(page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_tour(request: HttpRequest) -> HttpResponse:
    """The panel alone, as pages fetch it; a POST starts, skips a step, or stops."""
    tour = Shown.tour
    if tour is None:
        raise Http404
    if request.method == "POST":
        wishes = {"start": tour.start, "skip": tour.skip, "stop": tour.stop}
        wish = wishes.get(request.POST.get("wish", ""))
        if wish is None:
            return HttpResponse(status=400)
        wish()
    if request.method == "POST" and not request.htmx:  # type: ignore[attr-defined]
        back = request.headers.get("Referer", "")
        return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "board")
    return render(request, "_tour.html")
