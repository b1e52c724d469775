"""What a look reads of what it read before: nothing whose revision is the same."""

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from feed.models import Fixture, Incident, Market, Participant, Period
from feed.pages.reading import RowReading
from feed.pages.row_cache import RowCache
from tests.rows import make_bet, make_fixture, make_market, make_scoreboard, make_source

pytestmark = pytest.mark.django_db
PARTS = ("participants", "periods", "red_cards", "newest_incidents", "bets")


@pytest.fixture
def cache() -> RowCache:
    """What a first reading of two fixtures left."""
    make_source()
    for pk in (7, 8):
        fixture = make_fixture(pk)
        make_scoreboard(fixture)
        for market_id in (1, 2):
            make_bet(make_market(fixture, market_id, revision=1), "1", "2.10")
    cache = RowCache()
    read(RowReading([7, 8], {1, 2}, cache=cache))
    return cache


def read(reading: RowReading) -> set[str]:
    """Everything that a row shows; the answer is the tables that were asked."""
    with CaptureQueriesContext(connection) as queries:
        for part in ("fixtures", "markets", *PARTS):
            getattr(reading, part)
    return {query["sql"].partition('SELECT "feed_')[2].partition('"')[0] for query in queries}


def test_what_has_not_changed_is_not_read_again(cache: RowCache):
    assert read(RowReading([7, 8], {1, 2}, cache=cache)) == {"fixture", "market"}


def test_of_a_price_that_moved_its_own_market_is_read_again_and_no_other(cache: RowCache):
    make_bet(Market.objects.get(fixture_id=7, market_id=1), "X", "3.40")
    make_bet(Market.objects.get(fixture_id=7, market_id=2), "X", "3.40")
    Market.objects.filter(fixture_id=7, market_id=1).update(revision=F("revision") + 1)
    reading = RowReading([7, 8], {1, 2}, cache=cache)
    assert read(reading) == {"fixture", "market", "bet"}
    assert [bet.name for bet in reading.bets[7, 1]] == ["1", "X"]
    assert [bet.name for bet in reading.bets[7, 2]] == ["1"]


@pytest.mark.parametrize(
    ("part", "revision", "table"),
    [
        ("participants", "fixture_revision", "participant"),
        ("periods", "periods_revision", "period"),
        ("red_cards", "statistics_revision", "statistic"),
        ("newest_incidents", "incidents_revision", "incident"),
    ],
)
def test_a_part_that_changed_is_read_again(cache: RowCache, part: str, revision: str, table: str):
    Fixture.objects.filter(pk=7).update(**{revision: 5})
    assert read(RowReading([7, 8], {1, 2}, cache=cache)) == {"fixture", "market", table}


def test_what_is_read_again_is_what_is_stored_now(cache: RowCache):
    Participant.objects.filter(fixture_id=7, position=1).update(name="Eastholm")
    Period.objects.create(fixture_id=7, type=10, scores={"1": "1", "2": "0"}, revision=2)
    Incident.objects.create(
        fixture_id=7, parent="livescore", parent_type=9, ordinal=1, type=9, period=10, seconds=60, revision=2
    )
    Fixture.objects.filter(pk=7).update(fixture_revision=2, periods_revision=2, incidents_revision=2)
    reading = RowReading([7, 8], {1, 2}, cache=cache)
    assert [participant.name for participant in reading.participants[7]] == ["Eastholm", "Southport"]
    assert [period.type for period in reading.periods[7]] == [10]
    assert reading.newest_incidents[7].seconds == 60
    assert 8 not in reading.newest_incidents


def test_of_a_fixture_that_is_gone_nothing_is_kept(cache: RowCache):
    Fixture.objects.filter(pk=7).delete()
    read(RowReading([7, 8], {1, 2}, cache=cache))
    assert list(cache.fixtures) == [8]


def test_no_more_fixtures_are_kept_than_asked_for_and_the_newest_stay(cache: RowCache):
    cache.trim(1)
    assert list(cache.fixtures) == [8]


def test_a_narrowed_reading_reads_further_rows_of_what_is_left_alone(cache: RowCache):
    Fixture.objects.update(fixture_revision=5)
    reading = RowReading([7, 8], {1, 2}, cache=cache)
    assert set(reading.fixtures) == {7, 8}
    reading.narrow([8])
    assert set(reading.participants) == {8}
