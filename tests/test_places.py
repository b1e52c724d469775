"""The list of all fixtures in memory: the same as by query after whatever changed, and cheap while nothing does."""

import threading
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from feed.models import Fixture, League, Location, Participant, Sport
from feed.pages.board import memory
from feed.pages.board.lists import Board
from feed.pages.board.memory import read_places
from feed.pages.board.query import BoardQuery, parse_query
from tests.board_by_query import numbers_by_query, order_by_query
from tests.rows import NOW, make_bet, make_fixture, make_market, make_source

QUERIES = [
    parse_query(words)
    for words in (
        "",
        "pins=1,4,9,12",
        "show=in_play&pins=2,3",
        "show=finished&pins=5,6,7",
        "show=upcoming&sport=1",
        "show=today&zone=Asia%2FTokyo&pins=8",
        "sport=2&league=11",
        "location=21",
        "provider=8&pins=3",
        "show=in_play&market=2",
        "q=al",
        "q=be+n&show=today&zone=America%2FNew_York",
    )
]
NAMES = ("alder", "birch", "cedar", "beech", "elm", "linden", "northern", "oak")


class Feed:
    """Changes rows at random, each in the way in which the store does: what describes a fixture gets a revision."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        make_source()
        for model, ids in ((Sport, (1, 2)), (Location, (21, 22)), (League, (11, 12, 13))):
            for pk in ids:
                model.objects.create(id=pk, name=f"{model.__name__.lower()} {NAMES[pk % 8]}")
        self.next_id = 1

    def change(self) -> None:
        changes = [self.add, self.add, self.restate, self.restate, self.describe, self.rename_side, self.rename_league]
        self.random.choice([*changes, self.price, self.price, self.forget])()

    def add(self) -> None:
        sides = self.random.sample(NAMES, 2)
        make_fixture(self.next_id, *sides, status=self.random.randrange(10), **self.place())
        self.next_id += 1

    def place(self) -> dict[str, Any]:
        hours = self.random.choice([None, -20, -3, 0, 0, 2, 9, 30])
        return {
            "start_at": None if hours is None else NOW + timedelta(hours=hours),
            "sport_id": self.random.choice([1, 2, None]),
            "location_id": self.random.choice([21, 22, None]),
            "league_id": self.random.choice([11, 12, 13, None]),
            "kind": self.random.choice(["match", "match", "match", "outright"]),
        }

    def restate(self) -> None:
        self.update(status=self.random.randrange(10))

    def describe(self) -> None:
        self.update(**self.place())

    def rename_side(self) -> None:
        if pk := self.update():
            Participant.objects.filter(fixture=pk, position=1).update(name=self.random.choice(NAMES))

    def rename_league(self) -> None:
        League.objects.filter(pk=self.random.choice([11, 12])).update(name=self.random.choice(NAMES))

    def price(self) -> None:
        if pk := self.any_fixture():
            fixture = Fixture.objects.get(pk=pk)
            market_id = self.random.choice([1, 2])
            market = fixture.markets.filter(market_id=market_id).first() or make_market(fixture, market_id)
            make_bet(market, "1", "2.0", provider_id=self.random.choice([8, 31]))
            Fixture.objects.filter(pk=pk).update(markets_revision=F("markets_revision") + 1)

    def forget(self) -> None:
        if pk := self.any_fixture():
            Participant.objects.filter(fixture=pk).delete()
            Fixture.objects.filter(pk=pk).delete()

    def update(self, **fields: Any) -> int:
        if pk := self.any_fixture():
            Fixture.objects.filter(pk=pk).update(fixture_revision=F("fixture_revision") + 1, **fields)
        return pk

    def any_fixture(self) -> int:
        return self.random.choice([0, *Fixture.objects.values_list("pk", flat=True)])


def board(query: BoardQuery, now: datetime = NOW) -> Board:
    return read_places().list_of(query, now).board(query.favourites)


def as_by_query(query: BoardQuery, now: datetime) -> tuple[Any, ...]:
    """What the memory says, in the words of the query."""
    shown = board(query, now)
    ranks = {"favourites": -1, "in_play": 0, "upcoming": 1, "finished": 2}
    order = [(place.fixture_id, ranks[place.section]) for place in shown.order]
    return order, (shown.tally.tabs, {sport.id: sport.number for sport in shown.tally.sports})


@pytest.mark.parametrize("seed", [1, 2])
def test_after_whatever_changed_each_board_is_as_by_query(either_database: str, seed: int):
    feed = Feed(seed)
    for step in range(20):
        for _ in range(feed.random.randrange(1, 6)):
            feed.change()
        now = NOW + timedelta(minutes=20 * step)
        for query in feed.random.sample(QUERIES, 5):
            assert as_by_query(query, now) == (order_by_query(query, now), numbers_by_query(query, now)), query


@pytest.mark.django_db
def test_while_nothing_changes_boards_cost_one_query_and_are_the_very_same():
    for pk in (7, 8):
        make_fixture(pk)
    boards = [BoardQuery(favourites=(pk,)) for pk in (7, 8)]
    before = [board(query) for query in boards]
    with CaptureQueriesContext(connection) as queries:
        places = read_places()
        again = [places.list_of(query, NOW).board(query.favourites) for query in boards]
    assert len(queries) == 1
    assert all(one is other for one, other in zip(before, again, strict=True))


@pytest.mark.django_db
def test_a_change_is_read_alone_and_leaves_the_boards_that_could_not_show_it():
    for pk in range(7, 30):
        make_fixture(pk, league_id=67 if pk % 2 else None)
    narrow, broad = BoardQuery(league_id=67), BoardQuery()
    before = board(narrow), board(broad)
    Fixture.objects.filter(pk=8).update(status=3, fixture_revision=2)
    with CaptureQueriesContext(connection) as queries:
        places = read_places()
    assert len(queries) == 3
    assert places.list_of(narrow, NOW).board(()) is before[0]
    assert places.list_of(broad, NOW).board(()).version != before[1].version


@pytest.mark.django_db
def test_what_no_board_shows_of_a_fixture_makes_no_board_anew():
    make_fixture(7)
    before = board(BoardQuery())
    Fixture.objects.filter(pk=7).update(extra_data={"Venue": "North Ground"}, fixture_revision=2, markets_revision=5)
    assert board(BoardQuery()) is before


@pytest.mark.django_db
def test_a_bookmaker_is_looked_for_again_only_when_markets_changed():
    make_bet(make_market(make_fixture(7)), "1", "2.0", provider_id=31)
    query = BoardQuery(provider_id=31)
    board(query)
    with CaptureQueriesContext(connection) as queries:
        board(query)
    assert len(queries) == 1
    make_bet(make_market(make_fixture(8)), "1", "2.0", provider_id=31)
    Fixture.objects.filter(pk=8).update(markets_revision=1)
    assert [place.fixture_id for place in board(query).order] == [7, 8]


@pytest.mark.django_db
def test_a_new_day_begins_in_the_readers_zone_without_any_change():
    make_fixture(7, status=1, start_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    tokyo = BoardQuery(show="today", zone="Asia/Tokyo")
    assert [len(board(tokyo, NOW + timedelta(hours=hours)).order) for hours in (18, 19, 42, 43)] == [0, 1, 1, 0]


@pytest.mark.django_db
def test_a_reading_that_fails_half_way_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch):
    make_fixture(7)
    board(BoardQuery())
    make_fixture(8)
    with monkeypatch.context() as patched:
        patched.setattr(memory, "read_entries", lambda _: (_ for _ in ()).throw(OperationalError("lost")))
        with pytest.raises(OperationalError):
            board(BoardQuery())
    assert [place.fixture_id for place in board(BoardQuery()).order] == [7, 8]


@pytest.mark.django_db
def test_a_fixture_that_went_while_it_was_read_and_came_again_is_found(monkeypatch: pytest.MonkeyPatch):
    make_fixture(7)
    with monkeypatch.context() as patched:
        patched.setattr(memory, "read_entries", lambda _: {})
        assert board(BoardQuery()).order == []
    assert [place.fixture_id for place in board(BoardQuery()).order] == [7]


@pytest.mark.django_db
def test_a_thread_that_hangs_while_it_reads_holds_up_nobody(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(memory, "WAIT_SECONDS", 0.01)
    make_fixture(7)
    held = memory.MEMORIES[str(connection.settings_dict["NAME"])].lock
    hanging = threading.Thread(target=held.acquire)
    hanging.start()
    hanging.join()
    assert [place.fixture_id for place in board(BoardQuery()).order] == [7]
