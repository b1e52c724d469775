"""The health page: the state of the feed, how long a change takes to reach the pages, and which part is slow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, gettext_noop

from feed.live.legs import Counts, Leg, added_windows, quantile
from feed.live.presence import GONE_AFTER
from feed.models import WebProcess
from feed.pages.feed_line import FeedLine, feed_line
from feed.proof.status import attested_line, proof_line
from feed.vouching.sources import Vouching

from .last_hour import last_hour
from .tiles import Tile

#: The titles of the legs, who answers for each, and the p95 in ms above which it is slow.
LEGS = (
    (Leg.TO_US, gettext_noop("Sent by LSports → received"), gettext_noop("LSports, or the connection to it"), 2000.0),
    (Leg.STORING, gettext_noop("Received → stored"), gettext_noop("our consumer"), 500.0),
    (Leg.PUSHING, gettext_noop("Stored → pushed"), gettext_noop("our web process"), 600.0),
    (Leg.DISPLAY, gettext_noop("Pushed → displayed"), gettext_noop("the browsers, or the connection to them"), 500.0),
    (Leg.WHOLE, gettext_noop("Total: sent by LSports → displayed"), "", 0.0),
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
class Pace:
    """A web process, and how long a change takes there (p95 in words)."""

    process: WebProcess
    pushing: str
    display: str
    is_slow: bool


@dataclass(frozen=True, slots=True)
class HealthPage:
    """`verdict` says in a sentence or two what is slow, `is_well` whether nothing is; `tiles` have the last hour."""

    verdict: str
    is_well: bool
    legs: tuple[LegLine, ...]
    feed: FeedLine
    pages: int
    programs: int
    processes: tuple[Pace, ...]
    proof: str
    tiles: tuple[Tile, ...]


def health_page(vouching: Vouching, now: datetime) -> HealthPage:
    """The page as of `now`: one query for the web processes, one for what waits to be signed, those of the tiles."""
    processes = tuple(WebProcess.objects.filter(seen_at__gt=now - GONE_AFTER).order_by("started_at"))
    window = added_windows(process.clocks for process in processes)
    feed = feed_line(vouching)
    slow = slow_parts(window)
    return HealthPage(
        verdict=verdict(feed, slow, sum(window[Leg.WHOLE]) or sum(window[Leg.DISPLAY])),
        is_well=feed.state == "up" and not slow,
        legs=tuple(leg_line(gettext(title), window[leg], most) for leg, title, _, most in LEGS),
        feed=feed,
        pages=sum(process.pages for process in processes),
        programs=sum(process.programs for process in processes),
        processes=tuple(pace(process) for process in processes),
        proof=f"{proof_line(now)} {attested_line(now)}".strip(),
        tiles=tuple(last_hour(vouching, now)),
    )


def pace(process: WebProcess) -> Pace:
    window = added_windows([process.clocks])
    p95 = {leg: quantile(window[leg], 0.95) for leg in (Leg.PUSHING, Leg.DISPLAY)}
    is_slow = any((p95.get(leg) or 0.0) > most for leg, _, who, most in LEGS if who)
    return Pace(process, milliseconds_text(p95[Leg.PUSHING]), milliseconds_text(p95[Leg.DISPLAY]), is_slow)


def slow_parts(window: dict[str, Counts]) -> list[str]:
    """The parts that the slow legs belong to, the slowest first."""
    measured = [(quantile(window[leg], 0.95), who, most) for leg, _, who, most in LEGS if who]
    slow = [(p95 / most, p95, who) for p95, who, most in measured if p95 is not None and p95 > most]
    return [f"{gettext(who)} (p95 {milliseconds_text(p95)})" for _, p95, who in sorted(slow, reverse=True)]


def verdict(feed: FeedLine, slow: Sequence[str], displayed: int) -> str:
    """What is wrong, in words."""
    sentences = [] if feed.state == "up" else [f"{feed.text}."]
    if slow:
        sentences.append(gettext("Slow: %(parts)s.") % {"parts": gettext(", then ").join(slow)})
    elif displayed:
        sentences.append(gettext("Changes reach the screens promptly."))
    else:
        sentences.append(gettext("No page has displayed a change in the last five minutes."))
    return " ".join(sentences)


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
