"""A part of a page is one module and one template: the part added here is on the page and pushed, by nothing else.

docs/extending.md has the checklist.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.contrib.auth.models import User
from django.template import engines
from django.test import Client
from jinja2 import ChoiceLoader, DictLoader

from feed.changes import Aspect
from feed.live.hub.hub import Hub
from feed.live.parts.part import MATCHES, PagePart, PageTopic
from feed.live.parts.registry import PARTS, parse_topic
from feed.live.parts.versions import TopicVersions
from feed.models import Fixture, Statistic
from tests.rows import make_fixture, make_source
from tests.test_hub import Browser, hub  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)
TEMPLATE = """<section id="{{ topic.element_id }}" data-topic="{{ topic }}" data-version="{{ version }}">
{% for row in corners %}{{ row.values["1"] }} corners to {{ row.values["2"] }}{% endfor %}</section>"""
CORNERS_TYPE = 1


class CornersPart(PagePart):
    """The corners of both sides: a part that the desk does not have."""

    kind = "corners"
    shows = frozenset({Aspect.STATISTICS})
    fixture_kinds = MATCHES
    in_play_column = True

    def context(self, versions: TopicVersions, topic: PageTopic) -> dict[str, Any]:
        rows = versions.reading.statistics.get(topic.fixture_id, [])
        return {"corners": [row for row in rows if row.type == CORNERS_TYPE]}


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Iterator[PagePart]:
    """The part in the registry, and its template beside the others."""
    part, env = CornersPart(), engines["desk"].env
    monkeypatch.setitem(PARTS, part.kind, part)
    monkeypatch.setattr(env, "loader", ChoiceLoader([DictLoader({"feed/_corners.html": TEMPLATE}), env.loader]))
    yield part
    env.cache.clear()


@pytest.fixture
def fixture() -> Fixture:
    make_source()
    fixture = make_fixture(statistics_revision=1)
    Statistic.objects.create(fixture=fixture, type=CORNERS_TYPE, values={"1": "3", "2": "5"}, revision=1)
    return fixture


@database_sync_to_async
def take_a_corner() -> None:
    Statistic.objects.update(values={"1": "4", "2": "5"}, revision=2)
    Fixture.objects.update(revision=2, statistics_revision=2)


def test_a_new_part_stands_on_the_page(added: PagePart, fixture: Fixture, client: Client):
    client.force_login(User.objects.create_superuser("ann"))
    page = client.get("/fixtures/7/").content.decode()
    assert '<section id="corners-7" data-topic="corners:7" data-version="1">' in page
    assert "3 corners to 5" in page


async def test_a_new_part_is_pushed_when_it_changes(added: PagePart, fixture: Fixture, hub: Hub):  # noqa: F811
    browser = Browser()
    hub.watch(browser.page, {parse_topic("corners:7"): "1"})
    await take_a_corner()
    hub.hint({"type": "feed.changed", "changes": [[7, 2, ["statistics"], [], False]]})
    assert "4 corners to 5" in await browser.next_frame()


def test_a_change_of_another_part_is_not_looked_up_for_it(added: PagePart):
    topic = added.topic(7)
    assert topic.may_show({"statistics"}, (), False)
    assert not topic.may_show({"markets", "scoreboard"}, (1,), False)


def test_its_topics_are_not_read_where_it_is_not_registered():
    with pytest.raises(ValueError, match="is not a topic"):
        parse_topic("corners:7")
