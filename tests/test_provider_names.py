"""Bookmakers' names are remembered, and a new bookmaker is known at once."""

from typing import Any

import pytest

from feed.models import Provider
from feed.pages.prices.providers import REMEMBERED_SECONDS, ProviderNames

pytestmark = pytest.mark.django_db


def test_a_known_bookmaker_is_not_asked_for_again(django_assert_num_queries: Any):
    Provider.objects.create(pk=8, name="Bet8")
    names = ProviderNames()
    with django_assert_num_queries(1):
        assert [names.of({8})[8] for _ in range(3)] == ["Bet8"] * 3


def test_a_bookmaker_who_comes_in_is_named_at_once():
    names = ProviderNames()
    names.of({8})
    Provider.objects.create(pk=9, name="Nine")
    assert names.of({9}) == {9: "Nine"}


def test_a_bookmaker_without_a_name_is_asked_for_once(django_assert_num_queries: Any):
    names = ProviderNames()
    with django_assert_num_queries(1):
        assert [names.of({8}) for _ in range(3)] == [{}, {}, {}]


def test_another_name_is_on_pages_after_a_minute(monkeypatch: pytest.MonkeyPatch):
    Provider.objects.create(pk=8, name="Bet8")
    now = 1000.0
    monkeypatch.setattr("feed.pages.prices.providers.time.monotonic", lambda: now)
    names = ProviderNames()
    names.of({8})
    Provider.objects.update(name="Bet Eight")
    now += REMEMBERED_SECONDS + 1
    assert names.of({8}) == {8: "Bet Eight"}
