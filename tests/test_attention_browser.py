"""Attention in a browser: it is pushed, and "not again" takes a row away at once and for good."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feed.models import FeedSource, Market
from tests.rows import make_market
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def test_what_is_missing_is_pushed_and_not_again_is_for_good(page: Page, served: Served):
    fixture = served.match(home="Missing", away="Messages")
    served.sign_in(page)
    complaints = served.open(page, "/attention/")
    row = page.locator(".concern", has_text="Missing v Messages")
    expect(row).to_have_count(0)
    with served.rows():
        make_market(fixture, 1, revision=2)
        since = {"gap_since": timezone.now(), "skipped_at": timezone.now()}
        Market.objects.filter(fixture=fixture).update(numbered_by=FeedSource.objects.get().pk, **since)
    served.score(fixture, 1, 1)
    expect(row).to_contain_text("Messages of 1 market are missing: 1X2", timeout=10_000)
    row.get_by_role("button", name="Dismiss: Messages missing, Missing v Messages").focus()
    page.keyboard.press("Enter")
    expect(row).to_have_count(0)
    served.open(page, "/attention/")
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Show again what I dismissed").click()
    expect(row).to_have_count(1)
    assert complaints == []
    with served.rows():
        Market.objects.filter(fixture=fixture).delete()
