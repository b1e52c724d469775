"""Descriptions of fixtures are whole each time; the short one in a livescore blanks nothing."""

import pytest

from feed.changes import Aspect
from feed.codes import MessageType
from feed.models import Fixture, League, Participant, Sport
from feed.store import store_batch
from feed.wire import messages as wire

from .received import (
    FIXTURE,
    a_source,
    at,
    bet,
    fixture,
    fixture_message,
    livescore_message,
    market_message,
    received,
    side,
)

pytestmark = pytest.mark.usefixtures("either_database")


def the_fixture() -> Fixture:
    return Fixture.objects.select_related("sport", "location", "league", "source").get()


def names() -> list[str]:
    return list(Participant.objects.order_by("position").values_list("name", flat=True))


def test_it_stores_all_that_a_description_says():
    venue = wire.Venue(id=5, name="Old Dock", capacity=9000, city=wire.Named(id=3, name="Harbour"))
    (change,) = store_batch(
        a_source(),
        [fixture_message(3, venue=venue, external_fixture_id="x1", external_provider_id="y2", end_date=at(9000),
                         fixture_extra_data=[wire.ExtraData(name="WithInPlay", value="true")])],
    )  # fmt: skip
    row = the_fixture()
    assert (row.sport.name, row.location.name, row.league.name) == ("Football", "England", "Coastal League")
    assert (row.name, row.kind, row.status) == ("Harbour Town v Northgate", "match", 1)
    assert (row.start_at, row.end_at, row.last_update) == (at(3600), at(9000), at(3))
    assert (row.external_fixture_id, row.external_provider_id) == ("x1", "y2")
    assert row.extra_data == {"WithInPlay": "true"}
    assert row.details["venue"] == {"id": 5, "name": "Old Dock", "capacity": 9000, "city": {"id": 3, "name": "Harbour"}}
    assert (row.source, row.sent_at, row.received_at) == (a_source(), at(3), at(3.1))
    assert row.stored_at is not None
    assert (row.revision, row.fixture_revision, row.scoreboard_revision) == (1, 1, 0)
    assert (change.aspects, change.moved, change.revision) == ({Aspect.FIXTURE}, True, 1)


def test_it_stores_participants_by_position_whatever_their_order():
    lineup = wire.FixturePlayer(player_id=4, shirt_number="10", player=wire.Player(id=4, name="N. Orth"))
    away = side(902, "Northgate", 2, rotation_id=51, is_active=0, form="WWL", fixture_players=[lineup])
    store_batch(a_source(), [fixture_message(participants=[away, side(901, "Harbour Town", 1, is_active=-1)])])
    home, away_row = Participant.objects.order_by("position")
    assert (home.name, home.is_active, away_row.is_active, away_row.rotation_id) == ("Harbour Town", True, False, 51)
    assert away_row.details == {
        "form": "WWL",
        "fixture_players": [{"player_id": 4, "shirt_number": "10", "player": {"id": 4, "name": "N. Orth"}}],
    }


def test_it_removes_a_participant_that_a_newer_description_does_not_have():
    store_batch(a_source(), [fixture_message(participants=[side(n, f"Runner {n}", n) for n in range(1, 5)])])
    (change,) = store_batch(a_source(), [fixture_message(1, participants=[side(2, "Runner 2", 1)])])
    assert names() == ["Runner 2"]
    assert change.moved


def test_it_blanks_what_a_newer_description_does_not_have():
    store_batch(a_source(), [fixture_message(external_fixture_id="x1", end_date=at(9))])
    store_batch(a_source(), [fixture_message(1, league=None)])
    row = the_fixture()
    assert (row.league, row.external_fixture_id, row.end_at) == (None, "", None)


@pytest.mark.parametrize("apart", [True, False])
def test_it_drops_a_description_older_than_the_stored_one(apart: bool):
    newer = fixture_message(9, start_date=at(7200))
    older = fixture_message(5, participants=[side(1, "Nobody", 1)], status=5)
    for batch in [[newer], [older]] if apart else [[newer, older]]:
        store_batch(a_source(), batch)
    assert (the_fixture().start_at, the_fixture().status, names()) == (at(7200), 1, ["Harbour Town", "Northgate"])


def test_it_takes_another_description_with_the_same_last_update():
    store_batch(a_source(), [fixture_message(5), fixture_message(5, start_date=at(99))])
    assert the_fixture().start_at == at(99)


def test_it_changes_nothing_by_a_description_delivered_twice():
    first, second = fixture_message(5, sent=6), fixture_message(5, sent=7, start_date=at(99))
    store_batch(a_source(), [first, second])
    before = Fixture.objects.values().get()
    first.received_at = at(50)
    assert store_batch(a_source(), [first]) == []
    assert store_batch(a_source(), [second]) == []
    assert Fixture.objects.values().get() == before


def test_it_says_that_a_fixture_moved_only_when_its_place_on_a_board_changes():
    store_batch(a_source(), [fixture_message(0)])
    (described,) = store_batch(a_source(), [fixture_message(1, external_fixture_id="x")])
    (moved,) = store_batch(a_source(), [fixture_message(2, external_fixture_id="x", start_date=at(99))])
    assert (described.moved, moved.moved) == (False, True)


def test_it_keeps_what_a_short_description_in_a_livescore_leaves_out():
    store_batch(a_source(), [fixture_message(5)])
    short = wire.Fixture(sport=wire.Named(id=6046, name="Football"), last_update=at(9))
    store_batch(a_source(), [livescore_message(10, "0", "0", short=short)])
    row = the_fixture()
    assert (row.league.name, row.location.name, row.start_at) == ("Coastal League", "England", at(3600))
    assert (row.name, names(), row.last_update) == ("Harbour Town v Northgate", ["Harbour Town", "Northgate"], at(5))


def test_it_fills_in_a_fixture_never_described_from_a_livescore():
    short = wire.Fixture(
        sport=wire.Named(id=6046, name="Football"),
        participants=[side(902, "Northgate", 2), side(901, "Harbour Town", 1)],
        last_update=at(9),
    )
    store_batch(a_source(), [livescore_message(10, "0", "0", short=short, status=2)])
    row = the_fixture()
    assert (row.sport.name, row.name, row.status, row.last_update) == ("Football", "Harbour Town v Northgate", 2, None)
    store_batch(a_source(), [fixture_message(5, sent=5, status=1)])
    row = the_fixture()
    assert (row.league.name, row.last_update, row.status) == ("Coastal League", at(5), 2)


def test_it_takes_the_newest_statement_of_the_status_wherever_it_stands():
    source = a_source()
    store_batch(source, [fixture_message(0, status=1)])
    (change,) = store_batch(source, [livescore_message(10, "0", "0", status=2)])
    assert (the_fixture().status, change.moved) == (2, True)
    store_batch(source, [fixture_message(5, status=9)])
    assert the_fixture().status == 2
    store_batch(source, [fixture_message(20, status=3)])
    store_batch(source, [livescore_message(15, "1", "0", status=2)])
    assert the_fixture().status == 3


def test_it_stores_a_status_that_nobody_knows():
    store_batch(a_source(), [fixture_message(status=77)])
    assert the_fixture().status == 77


def test_it_writes_a_newer_name_and_keeps_it_when_a_message_has_none():
    store_batch(a_source(), [fixture_message(0, sport=wire.Named(id=6046, name="Soccer"))])
    store_batch(a_source(), [fixture_message(1)])
    store_batch(a_source(), [fixture_message(2, sport=wire.Named(id=6046), league=wire.League(id=5))])
    assert Sport.objects.get().name == "Football"
    assert League.objects.get(pk=5).name == "League 5"


def test_it_keeps_what_a_league_says_of_itself():
    league = wire.League(id=67, name="Coastal League", tour="East", gender=2, number_of_periods=2)
    store_batch(a_source(), [fixture_message(league=league)])
    assert League.objects.get().details == {"tour": "East", "gender": 2, "number_of_periods": 2}


def test_it_raises_one_revision_for_all_that_a_batch_changes():
    (change,) = store_batch(
        a_source(),
        [
            fixture_message(0),
            market_message(bet()),
            livescore_message(1, "1", "0"),
            fixture_message(2, sent=2, status=2),
        ],
    )
    row = the_fixture()
    assert (row.revision, row.fixture_revision, row.scoreboard_revision, row.markets_revision) == (1, 1, 1, 1)
    assert change.aspects == {Aspect.FIXTURE, Aspect.MARKETS, Aspect.SCOREBOARD}


def test_it_tells_the_changes_of_many_fixtures_in_the_order_of_their_ids():
    batch = [fixture_message(number=n) for n in (2**60, 3, 11)]
    assert [change.fixture_id for change in store_batch(a_source(), batch)] == [3, 11, 2**60]


def test_it_stores_what_comes_before_the_fixture_and_after():
    store_batch(a_source(), [livescore_message(10, "1", "0")])
    store_batch(a_source(), [fixture_message(5, number=FIXTURE)])
    assert (the_fixture().scoreboard.scores, names()) == ({"1": "1", "2": "0"}, ["Harbour Town", "Northgate"])


def test_it_leaves_a_fixture_alone_that_a_message_only_names():
    assert store_batch(a_source(), [received(wire.Event(fixture_id=FIXTURE), type=MessageType.FIXTURE)]) == []
    assert not Fixture.objects.exists()


def test_it_reads_text_that_the_database_cannot_take():
    given = fixture(fixture_name="A\0B", fixture_extra_data=[wire.ExtraData(name="\0N", value="v\0")])
    store_batch(a_source(), [received(wire.Event(fixture_id=FIXTURE, fixture=given), type=MessageType.FIXTURE)])
    assert (the_fixture().name, the_fixture().extra_data) == ("AB", {"N": "v"})


def test_it_takes_the_whole_description_in_a_snapshot_of_scores():
    store_batch(a_source(), [fixture_message(5)])
    store_batch(a_source(), [livescore_message(10, "0", "0", short=fixture(9, start_date=at(99), status=4))])
    assert (the_fixture().start_at, the_fixture().last_update, the_fixture().status) == (at(99), at(9), 4)


def test_it_takes_the_short_description_of_a_snapshot_for_whole():
    store_batch(a_source(), [fixture_message(5)])
    event = wire.Event(fixture_id=FIXTURE, fixture=fixture(9, league=None), livescore=wire.Livescore())
    store_batch(a_source(), [received(event, sent=9, type=MessageType.SNAPSHOT)])
    assert (the_fixture().league, the_fixture().last_update) == (None, at(9))
