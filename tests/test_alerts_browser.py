"""A trader's alerts in a browser: a message on every page, a sound, a notification, the log, a rule and its trial."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from feed.models import Alert, AlertRule
from tests.rows import make_bet, make_market
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
#: Keeps which tones were begun and which notifications were made; the permission is as a trader would have given it.
RECORDER = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function () { window.tones += 1; return start.call(this); };
window.notified = [];
window.Notification = class { constructor(title, { body }) { window.notified.push([title, body]); } };
window.Notification.permission = "granted";
"""
PAGES = ("/", "/preferences/", "/health/", "FIXTURE")


def alert(served: Served, user: User, text: str, **fields: Any) -> None:
    """An alert of a rule of this trader."""
    with served.rows():
        rule = AlertRule.objects.create(user=user, name="My rule", kind="incident", made_at=timezone.now(), **fields)
        Alert.objects.create(rule=rule, fixture_id=4711, about=text, text=text, at=timezone.now())


@pytest.mark.parametrize("path", PAGES)
def test_a_new_alert_is_a_message_on_every_page(page: Page, served: Served, path: str):
    path = f"/fixtures/{served.match().pk}/" if path == "FIXTURE" else path
    user = served.sign_in(page)
    with page.expect_response("**/alerts/new/"):
        complaints = served.open(page, path)
    alert(served, user, "The score is 1–0")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("My rule: The score is 1–0", timeout=15_000)
    expect(page.locator("#unseen")).to_contain_text("1")
    toast.get_by_role("button", name="Close this message").click()
    expect(toast).to_have_count(0)
    assert complaints == []


def test_what_was_told_before_the_page_was_opened_is_counted_and_not_told_again(page: Page, served: Served):
    user = served.sign_in(page)
    alert(served, user, "Red card")
    with page.expect_response("**/alerts/new/"):
        served.open(page)
    expect(page.locator("#unseen")).to_contain_text("1")
    expect(page.locator(".toast")).to_have_count(0)


@pytest.mark.parametrize(
    ("wishes", "rule", "tones", "notified"),
    [
        ({"has_sound": True}, {"has_sound": True}, 1, []),
        ({"has_sound": True}, {}, 0, []),
        ({}, {"has_sound": True}, 0, []),
        ({"has_notifications": True}, {}, 0, [["My rule", "Red card"]]),
    ],
    ids=["sound", "rule without sound", "muted", "notification"],
)
def test_sound_and_notification_come_where_rule_and_trader_want_them(
    page: Page, served: Served, wishes: dict[str, Any], rule: dict[str, Any], tones: int, notified: list[list[str]]
):
    page.add_init_script(RECORDER)
    user = served.sign_in(page, **wishes)
    with page.expect_response("**/alerts/new/"):
        served.open(page)
    is_hidden = "has_notifications" in wishes
    page.evaluate("(value) => Object.defineProperty(document, 'hidden', { value })", is_hidden)
    alert(served, user, "Red card", **rule)
    expect(page.locator(".toast")).to_have_count(1, timeout=15_000)
    assert page.evaluate("() => [window.tones, window.notified]") == [tones, notified]


def test_the_log_shows_what_was_told_and_the_number_in_the_navigation_goes(page: Page, served: Served):
    user = served.sign_in(page)
    alert(served, user, "Coverage is lost")
    served.open(page)
    expect(page.locator("#unseen")).to_contain_text("1")
    with page.expect_response("**/alerts/seen/"):
        page.locator("nav a", has_text="Alerts").click()
    expect(page.locator("#alert-log li")).to_contain_text("Coverage is lost")
    page.wait_for_selector("#unseen", state="hidden")


def test_a_rule_is_made_by_keyboard_and_shows_its_past_before_it_is_saved(page: Page, served: Served):
    fixture = served.match()
    with served.rows():
        bet = make_bet(make_market(fixture, revision=1), "1", "2.1")
    for seconds, price in ((60, "1.9"), (30, "2.1")):
        served.tick(bet, price, timezone.now() - timedelta(seconds=seconds))
    served.sign_in(page)
    complaints = served.open(page, f"/alerts/?fixture={fixture.pk}&market=1")
    page.get_by_label("Name", exact=True).fill("Two")
    page.get_by_label("Tell me when").select_option("price_passes")
    expect(page.get_by_label("Bookmakers that must agree")).to_be_hidden()
    page.get_by_label("Price, or per cent").fill("2")
    assert page.get_by_label("Fixture", exact=True).input_value() == str(fixture.pk)
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    page.get_by_role("button", name="Try it on the last 24 hours").press("Enter")
    expect(page.locator("#trial")).to_contain_text("It would have alerted you once")
    expect(page.locator("#trial li")).to_contain_text("1X2, 1 went up to 2.10")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.locator(".rule")).to_contain_text("Two")
    page.get_by_role("button", name="On Two").press("Enter")
    expect(page.locator(".rule--off")).to_contain_text("Two")
    page.get_by_role("button", name="Remove Two").press("Enter")
    expect(page.locator(".rule")).to_have_count(0)
    assert complaints == []


def test_from_the_board_to_an_alert_on_a_price_are_three_actions_by_pointer_and_by_keys(page: Page, served: Served):
    fixture = served.match()
    with served.rows():
        make_bet(make_market(fixture, revision=1), "1", "2.04", last_update=timezone.now())
    user = served.sign_in(page, favourites=[fixture.pk])
    complaints = served.open(page)
    page.locator(f"#row-{fixture.pk} [data-bet]").click()
    expect(page.locator("#price-alert")).to_contain_text("Northfield v Southport")
    page.keyboard.type("2.10")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Northfield v Southport, 1X2, 1 passes 2.10")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("#price-alert [name=amount]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_have_count(2, timeout=20_000)
    with served.rows():
        assert [str(rule.amount) for rule in AlertRule.objects.filter(user=user).order_by("pk")] == ["2.1000", "2.0500"]
    assert complaints == []


def test_three_broad_rules_on_busy_matches_are_at_most_six_messages_a_minute_and_all_are_in_the_log(
    page: Page, served: Served
):
    user = served.sign_in(page, has_sound=True)
    page.add_init_script(RECORDER)
    with page.expect_response("**/alerts/new/"):
        served.open(page)
    page.evaluate(
        """() => {
          window.messages = 0;
          const count = (changes) => { for (const { addedNodes } of changes) window.messages += addedNodes.length; };
          new MutationObserver(count).observe(document.getElementById("toasts"), { childList: true });
        }"""
    )
    with served.rows():
        rules = [
            AlertRule.objects.create(user=user, name=name, kind="price_moves", has_sound=True, made_at=timezone.now())
            for name in ("Moves", "Goals", "Books")
        ]
    for turn in range(2):
        with served.rows():
            Alert.objects.bulk_create(
                Alert(rule=rule, fixture_id=4711 + n % 12, about=f"{turn} {n}", text="It moved", at=timezone.now())
                for n in range(48)
                for rule in rules
            )
        with page.expect_response("**/alerts/new/?after=*", timeout=15_000):
            pass
    expect(page.locator("#unseen")).to_contain_text("288", timeout=15_000)
    expect(page.locator(".toast").last).to_contain_text("more alerts are in the log")
    assert page.evaluate("window.messages") <= 6
    assert page.evaluate("window.tones") <= 6
    with served.rows():
        assert Alert.objects.filter(rule__in=rules).count() == 288
