"""What every live page shares: the feed's line, the socket, and the fixture that the address names."""

import logging
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from feed.database.prepared import Prepared
from feed.live.parts.feed_line import FEED_LINE
from feed.live.parts.fragments import TopicHtml
from feed.live.parts.part import PageTopic
from feed.models import Desk, Fixture
from feed.pages.fixture.clock import epoch_ms
from feed.pages.reading import whole_fixtures
from feed.past.database import OPENED

from .own import desk_of

logger = logging.getLogger(__name__)

FEED = FEED_LINE.topic()


def live_page(
    request: HttpRequest, template: str, html: TopicHtml, context: dict[str, Any], desk: Desk | None = None
) -> HttpResponse:
    """A page with the feed's line, and with a socket unless it is of the past."""
    frame = {
        "live": OPENED.past is None,
        "now_ms": epoch_ms(html.now),
        "feed_fragment": safe(html, FEED),
        "desk": desk or desk_of(request.user),
    }
    return render(request, template, {**frame, **context}, using="desk")


def safe(html: TopicHtml, topic: PageTopic) -> str:
    """The fragment's HTML, which its template has escaped."""
    fragment = html.fragment(topic)
    if fragment.failure is not None:
        logger.error("%s cannot be made, and says so on the page", topic, exc_info=fragment.failure)
    return mark_safe(fragment.html)  # noqa: S308 - Jinja2 with autoescape made it


def must_be_known(fixture_id: int) -> None:
    """Raise the page that says that LSports never sent the fixture, if it did not."""
    if fixture_id >= 2**63 or not Fixture.objects.filter(pk=fixture_id).exists():
        raise unknown(fixture_id)


def unknown(fixture_id: int) -> Http404:
    return Http404(gettext("LSports has not sent a fixture %(number)s.") % {"number": fixture_id})


def known_fixture(fixture_id: int, *joined: str) -> Fixture:
    """The fixture, with these rows of others if there are any, or raise the page that says that LSports never sent
    it."""
    rows = fixtures_with(joined)([fixture_id]) if fixture_id < 2**63 else []
    if not rows:
        raise unknown(fixture_id)
    return rows[0]


@cache
def fixtures_with(joined: tuple[str, ...]) -> Prepared[Fixture]:
    return Prepared(lambda ids: whole_fixtures(*joined).filter(pk__in=ids))
