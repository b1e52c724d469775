"""The health page: how the feed fares, how long a change takes to reach the screens, and which part is slow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext, gettext_noop

from feed.models import WebProcess

from .feed_line import FeedLine, feed_line
from .legs import Counts, Leg, added_windows, quantile
from .vouching import Vouching

#: A process that said nothing for longer is gone.
GONE_AFTER = timedelta(seconds=20)
#: The titles of the legs, who answers for each, and the p95 in ms above which it is slow.
LEGS = (
    (Leg.TO_US, gettext_noop("LSports sent it, we received it"), gettext_noop("LSports, or the way from it"), 2000.0),
    (Leg.STORING, gettext_noop("received, stored"), gettext_noop("our consumer"), 500.0),
    (Leg.PUSHING, gettext_noop("stored, pushed"), gettext_noop("our web process"), 600.0),
    (Leg.PAINTING, gettext_noop("pushed, painted"), gettext_noop("the browsers, or the way to them"), 500.0),
    (Leg.WHOLE, gettext_noop("all of it: LSports sent it, a trader sees it"), "", 0.0),
)


@dataclass(frozen=True, slots=True)
class LegLine:
    """A leg with its quantiles in words ("84 ms", "1.2 s", "–")."""

    title: str
    p50: str
    p95: str
    p99: str
    number: int
    is_slow: bool


@dataclass(frozen=True, slots=True)
class HealthPage:
    """`verdict` says in a sentence or two what is slow, `is_well` whether nothing is."""

    verdict: str
    is_well: bool
    legs: tuple[LegLine, ...]
    feed: FeedLine
    pages: int
    programs: int
    processes: tuple[WebProcess, ...]


def health_page(vouching: Vouching, now: datetime) -> HealthPage:
    """The page as of `now`: one query for the web processes."""
    processes = tuple(WebProcess.objects.filter(seen_at__gt=now - GONE_AFTER).order_by("started_at"))
    window = added_windows(process.clocks for process in processes)
    feed = feed_line(vouching)
    slow = slow_parts(window)
    return HealthPage(
        verdict=verdict(feed, slow, sum(window[Leg.WHOLE]) or sum(window[Leg.PAINTING])),
        is_well=feed.state == "up" and not slow,
        legs=tuple(leg_line(gettext(title), window[leg], most) for leg, title, _, most in LEGS),
        feed=feed,
        pages=sum(process.pages for process in processes),
        programs=sum(process.programs for process in processes),
        processes=processes,
    )


def slow_parts(window: dict[str, Counts]) -> list[str]:
    """Who answers for the legs that are slow, the slowest first."""
    measured = [(quantile(window[leg], 0.95), who, most) for leg, _, who, most in LEGS if who]
    slow = [(p95 / most, p95, who) for p95, who, most in measured if p95 is not None and p95 > most]
    return [f"{gettext(who)} (p95 {milliseconds_text(p95)})" for _, p95, who in sorted(slow, reverse=True)]


def verdict(feed: FeedLine, slow: Sequence[str], painted: int) -> str:
    """What is wrong, in words."""
    said = [] if feed.state == "up" else [f"{feed.text}."]
    if slow:
        said.append(gettext("Slow: %(parts)s.") % {"parts": gettext(", then ").join(slow)})
    elif painted:
        said.append(gettext("Changes reach the screens in good time."))
    else:
        said.append(gettext("No page has painted a change in the last five minutes."))
    return " ".join(said)


def leg_line(title: str, counts: Counts, most: float) -> LegLine:
    p95 = quantile(counts, 0.95)
    return LegLine(
        title=title,
        p50=milliseconds_text(quantile(counts, 0.5)),
        p95=milliseconds_text(p95),
        p99=milliseconds_text(quantile(counts, 0.99)),
        number=sum(counts),
        is_slow=bool(most and p95 is not None and p95 > most),
    )


def milliseconds_text(value: float | None) -> str:
    """84 ms, 1.2 s, or a dash."""
    if value is None:
        return "–"
    if value < 1000:
        return gettext("%(number)s ms") % {"number": f"{value:.0f}"}
    return gettext("%(number)s s") % {"number": f"{value / 1000:.1f}"}
