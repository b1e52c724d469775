"""Traders together: who looks at a fixture, who has taken it, handing over with a note, and what nobody looks at."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from feed.attention.concerns import Kind
from feed.attention.listing import AttentionList
from feed.live.hub.hub import Hub
from feed.live.parts.registry import parse_topic
from feed.live.presence import Present, report_presence
from feed.live.running import viewers
from feed.models import FeedSource, Fixture, FixtureClaim, FixtureNote
from feed.pages.people import read_attended
from feed.vouching.source_health import Health
from feed.vouching.sources import SourceHealth, Vouching
from tests.rows import NOW, make_fixture, make_source, make_trader
from tests.test_hub import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client: Client) -> Client:
    make_source()
    make_fixture()
    client.force_login(make_trader())
    return client


@pytest.fixture
def bob() -> Client:
    client = Client()
    client.force_login(make_trader("bob"))
    return client


def holder() -> str:
    claim = FixtureClaim.objects.select_related("user").first()
    return claim.user.username if claim else ""


def page(client: Client) -> str:
    return client.get("/fixtures/7/").content.decode()


def test_a_trader_takes_a_fixture_and_gives_it_back(ann: Client):
    assert "Taken by nobody." in page(ann)
    assert ann.post("/fixtures/7/claim/", {"take": ""}).status_code == 302
    assert "Taken by <b>ann</b>" in page(ann)
    ann.post("/fixtures/7/claim/", {"give_back": ""})
    assert "Taken by nobody." in page(ann)


def test_what_another_has_is_taken_only_by_whoever_says_from_whom(ann: Client, bob: Client):
    ann.post("/fixtures/7/claim/", {"take": ""})
    answer = bob.post("/fixtures/7/claim/", {"take": ""})
    assert (answer.status_code, holder()) == (409, "ann")
    assert "Take it from ann" in answer.content.decode()
    bob.post("/fixtures/7/claim/", {"take": "", "holder": str(User.objects.get(username="ann").pk)})
    assert holder() == "bob"


def test_who_lost_it_meanwhile_neither_hands_it_over_nor_gives_it_back(ann: Client, bob: Client):
    ann.post("/fixtures/7/claim/", {"take": ""})
    for action in ({"give_back": ""}, {"hand_over": "", "to": "bob"}):
        assert bob.post("/fixtures/7/claim/", action).status_code == 400
    assert holder() == "ann"


def test_it_is_handed_over_with_a_note_for_all(ann: Client, bob: Client):
    ann.post("/fixtures/7/claim/", {"take": ""})
    ann.post("/fixtures/7/claim/", {"hand_over": "", "to": "bob", "text": "Late team news"})
    assert holder() == "bob"
    assert FixtureNote.objects.get().text == "Handed over to bob. Late team news"
    shown = page(ann)
    assert "Taken by <b>bob</b>" in shown
    assert "Late team news" in shown


@pytest.mark.parametrize("name", ["nobody", "guest", ""])
def test_nobody_who_may_not_see_fixtures_is_handed_one(ann: Client, name: str):
    User.objects.create_user("guest")
    ann.post("/fixtures/7/claim/", {"take": ""})
    assert ann.post("/fixtures/7/claim/", {"hand_over": "", "to": name}).status_code == 400
    assert holder() == "ann"


def test_the_page_names_who_looks_at_it_now(ann: Client):
    report_presence(Present(1, 0), topics=1, clocks={}, viewers={7: ["bob", "eve"], 8: ["dan"]})
    assert "bob, eve" in page(ann)


async def test_who_has_a_fixtures_page_open_is_known_by_what_the_page_watches():
    hub, browsers = Hub(), [Browser() for _ in range(3)]
    for browser, name, topic in zip(browsers, ("eve", "bob", "dan"), ("people:7", "people:7", "row:7"), strict=True):
        browser.page.user_name = name
        hub.watch(browser.page, {parse_topic(topic): ""})
    assert viewers(hub) == {7: ["bob", "eve"]}
    await hub.stop()


def test_what_is_in_play_and_nobody_looks_at_is_listed_once(ann: Client):
    make_fixture(8, "Ardmere", "Farholt")
    vouching = Vouching((SourceHealth(FeedSource.objects.get(), Health(FeedSource.State.UP, NOW)),))
    listing = AttentionList()
    for seconds, listed in ((0, []), (61, [Kind.UNATTENDED])):
        now = NOW + timedelta(seconds=seconds)
        assert [concern.kind for concern in listing.due(now, vouching, {7})] == listed
    text = listing.due(now, vouching, {7})[0].text
    assert text == "Nobody has opened or taken 1 of 2 fixtures in play: Ardmere v Farholt"
    assert listing.due(now, vouching, {7, 8}) == []


def test_a_fixture_that_is_taken_is_attended(ann: Client):
    ann.post("/fixtures/7/claim/", {"take": ""})
    report_presence(Present(1, 0), topics=1, clocks={}, viewers={8: ["bob"]})
    assert read_attended(FixtureClaim.objects.get().taken_at) == {7, 8}


def test_what_somebody_has_who_may_not_sign_in_any_more_is_not_attended(ann: Client):
    ann.post("/fixtures/7/claim/", {"take": ""})
    User.objects.filter(username="ann").update(is_active=False)
    assert read_attended(FixtureClaim.objects.get().taken_at) == set()


def test_a_claim_goes_with_its_fixture(ann: Client):
    ann.post("/fixtures/7/claim/", {"take": ""})
    Fixture.objects.all().delete()
    assert not FixtureClaim.objects.exists()
