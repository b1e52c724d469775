"""Queries whose SQL is made once answer as those whose SQL is made each time."""

import threading
from collections.abc import Collection
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from feed.database.prepared import MOST_IDS, Prepared
from feed.models import Market
from tests.rows import make_fixture, make_market

pytestmark = pytest.mark.django_db


class Counted:
    """The markets of fixtures, and how often it was asked how to ask for them."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, fixture_ids: Collection[int], market_ids: Collection[int]) -> QuerySet[Market]:
        self.calls += 1
        return Market.objects.filter(fixture_id__in=fixture_ids, market_id__in=market_ids).order_by("fixture_id")


@pytest.fixture
def markets() -> list[tuple[int, int]]:
    """Twenty fixtures, each with the markets 1 and 2."""
    made = [(pk, market_id) for pk in range(1, 21) for market_id in (1, 2)]
    for pk in range(1, 21):
        fixture = make_fixture(pk)
        for market_id in (1, 2):
            make_market(fixture, market_id)
    return made


def found(rows: list[Market]) -> list[tuple[int, int]]:
    return [(row.fixture_id, row.market_id) for row in rows]


@pytest.mark.parametrize("number", [1, 2, 3, 5, 8, 13, 20])
def test_any_number_of_ids_is_answered(markets: list[tuple[int, int]], number: int):
    prepared = Prepared(Counted())
    assert found(prepared(range(1, number + 1), [2])) == [(pk, 2) for pk in range(1, number + 1)]


def test_other_ids_are_asked_for_without_making_the_sql_again(markets: list[tuple[int, int]]):
    counted = Counted()
    prepared = Prepared(counted)
    answers = [found(prepared(ids, [1])) for ids in ([1, 2, 3], [4, 5, 6, 7], [8, 20, 9])]
    assert answers == [[(pk, 1) for pk in ids] for ids in ((1, 2, 3), (4, 5, 6, 7), (8, 9, 20))]
    assert counted.calls == 1


def test_what_changed_since_the_sql_was_made_is_seen(markets: list[tuple[int, int]]):
    prepared = Prepared(Counted())
    assert prepared([3], [1])[0].name == "1X2"
    Market.objects.filter(fixture_id=3, market_id=1).update(name="Winner")
    assert prepared([3], [1])[0].name == "Winner"


def test_an_empty_list_asks_nothing(markets: list[tuple[int, int]], django_assert_num_queries: Any):
    with django_assert_num_queries(0):
        assert Prepared(Counted())([1, 2], []) == []


def test_a_very_long_list_is_asked_for_as_it_is(markets: list[tuple[int, int]]):
    counted = Counted()
    prepared = Prepared(counted)
    for _ in range(2):
        assert found(prepared(range(1, MOST_IDS + 2), [1])) == [(pk, 1) for pk in range(1, 21)]
    assert counted.calls == 2


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_a_connection_of_its_own(markets: list[tuple[int, int]]):
    counted = Counted()
    prepared = Prepared(counted)
    answers = [found(prepared([2, 3], [1]))]

    def ask() -> None:
        try:
            answers.append(found(prepared([2, 3], [1])))
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert answers == [[(2, 1), (3, 1)]] * 2
    assert counted.calls == 2
