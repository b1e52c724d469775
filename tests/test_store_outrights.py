"""Outrights: many participants, results, and a tree that may change its shape."""

from decimal import Decimal

import pytest

from feed.changes import Aspect
from feed.codes import MessageType
from feed.models import Bet, Competition, Fixture, Participant, Scoreboard
from feed.store import Received, store_batch
from feed.wire import messages as wire

from .received import FIXTURE, a_source, at, bet, fixture, fixture_message, received, side

pytestmark = pytest.mark.usefixtures("either_database")

TRACK = wire.Competition(id=67, name="Dock Park", type=1)


def race(
    sent: float, *path: wire.Competition, kind: str = "outright", number: int = FIXTURE, **parts: object
) -> Received:
    event = wire.Event(fixture_id=number, kind=wire.FixtureKind(kind), competitions=list(path or (TRACK,)), **parts)
    return received(
        event, sent=sent, type=MessageType.OUTRIGHT_FIXTURE if "fixture" in parts else MessageType.OUTRIGHT_SCORE
    )


def runners(updated: float = 0, count: int = 12, **fields: object) -> wire.Fixture:
    listed = [side(100 + n, f"Runner {n}", n, is_active=n != 5) for n in range(1, count + 1)]
    return fixture(updated, participants=listed, league=None, **fields)


def scored(**places: str) -> wire.OutrightScore:
    placed = [
        wire.ParticipantResult(participant_id=int(name[1:]), name=name, result=place) for name, place in places.items()
    ]
    return wire.OutrightScore(status=3, participant_results=placed)


def placings() -> dict[int, str]:
    return dict(Participant.objects.exclude(result="").values_list("participant_id", "result"))


def the_fixture() -> Fixture:
    return Fixture.objects.select_related("competition__parent").get()


def test_it_stores_any_number_of_participants():
    (change,) = store_batch(a_source(), [race(0, fixture=runners(count=40, fixture_name="Race 7"))])
    assert Participant.objects.count() == 40
    assert list(Participant.objects.filter(is_active=False).values_list("position", flat=True)) == [5]
    assert (the_fixture().kind, the_fixture().name, the_fixture().competition.name) == (
        "outright",
        "Race 7",
        "Dock Park",
    )
    assert change.aspects == {Aspect.FIXTURE, Aspect.COMPETITION}


def test_it_takes_results_from_a_score_and_keeps_them_through_descriptions():
    source = a_source()
    store_batch(source, [race(0, fixture=runners())])
    (change,) = store_batch(source, [race(5, outright_score=scored(r101="1", r103="2"))])
    assert {Aspect.FIXTURE, Aspect.SCOREBOARD} <= change.aspects
    store_batch(source, [race(9, fixture=runners(9, status=3))])
    assert placings() == {101: "1", 103: "2"}
    assert (Scoreboard.objects.get().status, the_fixture().status) == (3, 3)


def test_a_score_that_comes_again_brings_back_nobody_whom_a_description_left_out():
    source, first = a_source(), race(5, outright_score=scored(r101="1", r103="2", r900="3"))
    store_batch(source, [race(0, fixture=runners()), first, race(9, fixture=runners(9, count=2, status=3))])
    before = list(Participant.objects.order_by("pk").values())
    assert placings() == {101: "1", 900: "3"}

    assert store_batch(source, [first]) == []
    assert list(Participant.objects.order_by("pk").values()) == before


def test_a_score_that_comes_again_blanks_no_result_of_a_newer_description():
    source, first = a_source(), race(5, outright_score=scored(r101="1"))
    newer = runners(9, count=2, status=3)
    newer.participants[1].extra_data = [wire.ExtraData(name="Result", value="2")]
    store_batch(source, [race(0, fixture=runners(count=2)), first, race(9, fixture=newer)])

    assert store_batch(source, [first]) == []
    assert placings() == {101: "1", 102: "2"}


def test_a_match_that_a_score_makes_an_outright_is_one_once():
    source, score = a_source(), race(5, outright_score=scored(r901="1", r7="2"))
    again = fixture_message(9, participants=[side(902, "Northgate", 2)])
    store_batch(source, [fixture_message(0), score, again])

    assert store_batch(source, [score]) == []
    assert the_fixture().kind == "outright"


def test_a_description_that_comes_again_after_a_score_leaves_the_sides():
    source, again = a_source(), fixture_message(5, participants=[side(902, "Northgate", 2)])
    store_batch(source, [fixture_message(0), again, race(9, outright_score=scored(r901="1"))])

    assert store_batch(source, [again]) == []
    assert Participant.objects.count() == 2


def test_it_corrects_results():
    store_batch(a_source(), [race(0, fixture=runners()), race(5, outright_score=scored(r101="1", r103="2"))])
    store_batch(a_source(), [race(6, outright_score=scored(r103="1", r104="2"))])
    assert placings() == {103: "1", 104: "2"}
    assert store_batch(a_source(), [race(5, outright_score=scored(r101="1", r103="2"))]) == []
    assert placings() == {103: "1", 104: "2"}


def test_it_takes_results_before_any_description():
    store_batch(a_source(), [race(5, outright_score=scored(r101="1"))])
    store_batch(a_source(), [race(6, fixture=runners(6))])
    assert (placings(), Participant.objects.count()) == ({101: "1"}, 12)


def test_whom_only_a_result_named_stays_when_a_description_comes_again():
    described = race(0, fixture=runners())
    scores = [race(5, outright_score=scored(r101="1", r999="2")), race(6, outright_score=scored(r101="1"))]
    store_batch(a_source(), [described, *scores])
    assert store_batch(a_source(), [described]) == []
    assert Participant.objects.filter(participant_id=999, result="").exists()


def test_it_reads_a_result_from_extra_data_until_a_score_tells():
    listed = [side(n, f"Runner {n}", n, extra_data=[wire.ExtraData(name="Result", value=str(n))]) for n in (1, 2)]
    store_batch(a_source(), [race(0, fixture=fixture(0, participants=listed))])
    assert placings() == {1: "1", 2: "2"}
    store_batch(a_source(), [race(1, outright_score=scored(r2="1"))])
    assert placings() == {2: "1"}


def test_it_builds_the_tree_of_competitions():
    season = wire.Competition(id=2029, name="2025/26", type=4, next_fixture_start_time=at(900))
    league = wire.Competition(id=67, name="Coastal League", type=3)
    winner = {"fixture_name": "Coastal League Winner", "markets": [wire.Market(id=274, bets=[bet()])]}
    store_batch(a_source(), [race(0, league, season, kind="outright_league", **winner)])
    row = the_fixture()
    assert (row.kind, row.name, row.competition.path) == ("outright_league", "Coastal League Winner", "67/2029")
    assert (row.competition.name, row.competition.type, row.competition.next_fixture_at) == ("2025/26", 4, at(900))
    assert (row.competition.parent.name, row.competition.parent.parent) == ("Coastal League", None)
    assert Bet.objects.get().price == Decimal("2.1")


def test_it_follows_a_tree_that_changes_its_structure():
    source, cup = a_source(), wire.Competition(id=5, name="Cup", type=3)
    store_batch(source, [race(0, TRACK, fixture=runners())])
    (change,) = store_batch(source, [race(1, cup, TRACK, fixture=runners())])
    assert the_fixture().competition.path == "5/67"
    assert Aspect.COMPETITION in change.aspects
    assert change.moved
    store_batch(source, [race(0.5, TRACK, outright_score=scored())])
    assert the_fixture().competition.path == "5/67"


def test_it_renames_a_competition_and_keeps_the_newer_name():
    source = a_source()
    store_batch(source, [race(0, fixture=runners())])
    store_batch(source, [race(5, wire.Competition(id=67, name="Dock Park East"), number=8, fixture=runners())])
    store_batch(source, [race(3, number=9, fixture=runners())])
    node = Competition.objects.get()
    assert (node.name, node.type) == ("Dock Park East", 1)


def test_it_changes_nothing_by_an_outright_delivered_twice():
    batch = [race(0, fixture=runners()), race(5, outright_score=scored(r101="1"))]
    store_batch(a_source(), batch)
    before = Fixture.objects.values().get()
    assert store_batch(a_source(), batch) == []
    assert Fixture.objects.values().get() == before
