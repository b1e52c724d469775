"""The desk in another language, in a browser: what scripts write and what is pushed is translated as the page is."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from feed.models import Alert, AlertRule, FeedSource, League, Location, Provider, Sport
from tests.pseudo import LANGUAGE, left_over, write_catalogues
from tests.rows import make_bet, make_market, make_source
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
#: Every text that is on the page, seen or read, in its order; without times, values and the list of zones.
TEXTS = """() => {
  const kept = [];
  const skipped = "script, style, code, pre, kbd, time, option, canvas, .u-axis";
  const look = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return kept.push(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(skipped)) return;
    for (const name of ["aria-label", "title", "placeholder", "alt"]) kept.push(node.getAttribute(name) ?? "");
    node.childNodes.forEach(look);
  };
  look(document.body);
  return kept;
}"""


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Served]:
    """A desk in the language that is none; nothing that LSports sent it is written in Latin letters."""
    folder = tmp_path_factory.mktemp("abroad")
    write_catalogues(folder / "locale")
    made = Served(folder, django_db_blocker, DESK_LANGUAGE=LANGUAGE)
    with made.rows():
        Sport.objects.create(id=6046, name="Ποδόσφαιρο")
        Location.objects.create(id=243, name="Αγγλία")
        League.objects.create(id=67, name="Πρώτη")
        Provider.objects.create(id=8, name="Πρακτορείο")
        FeedSource.objects.update(name="ζωντανά")
    yield made
    made.desk.close()


@pytest.fixture
def page_abroad(page: Page, abroad: Served) -> Page:
    abroad.sign_in(page, name="Άννα", spoken="all")
    return page


def untranslated(page: Page) -> list[str]:
    return left_over(page.evaluate(TEXTS))


def test_a_board_and_what_is_done_on_it(page_abroad: Page, abroad: Served):
    page = page_abroad
    fixture = abroad.match(home="Βορράς", away="Νότος")
    with abroad.rows():
        bet = make_bet(make_market(fixture, revision=1, name="Νικητής αγώνα"), "1", "2.5", last_update=timezone.now())
    complaints = abroad.open(page)
    assert page.locator("html").get_attribute("lang") == LANGUAGE
    expect(page.locator("#socket")).to_have_text("⟦Live⟧")
    expect(page.locator(".age").first).to_contain_text("⟧")
    page.locator("#filters summary").click()
    page.locator("#filters-panel form").first.wait_for()
    page.locator("#drawer summary").click()
    page.locator("#movers-panel-lists").wait_for()
    assert untranslated(page) == []
    page.keyboard.press("Escape")
    page.locator(f"#row-{fixture.pk} .px").first.hover()
    expect(page.locator("#tip")).to_contain_text("⟦Changed⟧")
    assert untranslated(page) == []
    abroad.change(bet, status=2, suspension_reason=6)
    price = page.locator(f"#row-{fixture.pk} .px").first
    expect(price).to_contain_text("⟦Suspended: ⟦score inconsistent⟧⟧", timeout=10_000)
    assert untranslated(page) == []
    assert complaints == []


def test_a_fixture_that_is_paused_and_spoken_of(page_abroad: Page, abroad: Served):
    page = page_abroad
    fixture = abroad.match(home="Βορράς", away="Νότος")
    with abroad.rows():
        bet = make_bet(make_market(fixture, revision=1, name="Νικητής αγώνα"), "1", "2.5", last_update=timezone.now())
    abroad.tick(bet, "2.5", timezone.now())
    abroad.open(page, f"/fixtures/{fixture.pk}/")
    abroad.change(bet, status=2, suspension_reason=6)
    expect(page.locator("#announcement")).to_contain_text("⟦Suspended: Νικητής αγώνα.⟧", timeout=15_000)
    page.keyboard.press("p")
    abroad.score(fixture, 2, 0)
    expect(page.locator("#pause-text")).to_have_text("⟦Resume (1 change waiting)⟧", timeout=10_000)
    assert untranslated(page) == []
    page.keyboard.press("p")
    page.goto(f"{abroad.address}/fixtures/{fixture.pk}/history/")
    expect(page.locator(".u-legend")).to_contain_text("⟦Time⟧")
    assert untranslated(page) == []


def test_a_page_that_is_behind_signed_out_or_without_an_answer(page_abroad: Page, abroad: Served):
    page = page_abroad
    abroad.open(page, "/movers/")
    page.route("**/movers/lists/**", lambda route: route.abort())
    expect(page.locator("#old-movers")).to_contain_text("⟦The desk is not responding.⟧", timeout=15_000)
    page.goto(f"{abroad.address}/health/")
    page.wait_for_selector("#socket[data-state=live]")
    expect(page.locator("#this-browser")).to_contain_text("⟧")
    assert untranslated(page) == []
    with abroad.rows():
        Session.objects.all().delete()
    page.reload()
    assert untranslated(page) == []


def test_an_alert_that_comes_up(page_abroad: Page, abroad: Served):
    page = page_abroad
    user = abroad.sign_in(page, name="Ελένη")
    with page.expect_response("**/alerts/new/"):
        abroad.open(page)
    with abroad.rows():
        rule = AlertRule.objects.create(user=user, name="Κανόνας", kind="incident", made_at=timezone.now())
        Alert.objects.create(rule=rule, fixture_id=1, about="1", text="Γκολ", at=timezone.now())
    expect(page.locator(".toast")).to_contain_text("Γκολ", timeout=15_000)
    assert untranslated(page) == []


def test_a_feed_that_falls_silent_is_told_on_an_open_page(page_abroad: Page, abroad: Served):
    abroad.open(page_abroad)
    with abroad.rows():
        make_source(state="down", state_reason="Σιωπή", name="ζωντανά")
    expect(page_abroad.locator("#feed")).to_contain_text("ζωντανά: ⟦It is not connected", timeout=10_000)
    expect(page_abroad.locator("#feed")).to_contain_text("since⟧")
    with abroad.rows():
        make_source(state="up", state_since=timezone.now(), last_message_at=timezone.now(), name="ζωντανά")
    expect(page_abroad.locator("#feed")).to_contain_text("⟦Feed live⟧", timeout=10_000)
