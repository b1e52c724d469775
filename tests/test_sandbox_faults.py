"""Faults: each does what it says while it is on, and nothing after."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from feed.codes import MessageType
from sandbox.aim import market_of, number_of
from sandbox.coverage import Coverage
from sandbox.distribution import Distribution
from sandbox.faults import KINDS, Faults, UnknownFault
from sandbox.match import Match
from sandbox.outgoing import BOTH, Feed, Outgoing
from sandbox.supplier import Supplier

#: After these the supplier is another one.
LASTING = {"off", "restart"}
START = datetime(2026, 1, 10, 15, tzinfo=UTC)


class Line:
    """A supplier with one package, its faults, and what arrives."""

    def __init__(self, *faults: str, dialect: str = "trade") -> None:
        self.faults = Faults(*faults)
        self.distribution = Distribution(Supplier(fixtures=12, start=START, dialect=dialect), faults=self.faults)
        self.now = START

    def run(self, seconds: float) -> list[Outgoing]:
        self.now += timedelta(seconds=seconds)
        return [outgoing for _, outgoing in self.distribution.messages(self.now)]


def without_fault(seconds: float, dialect: str = "trade") -> list[Outgoing]:
    return Line(dialect=dialect).run(seconds)


def guids(messages: list[Outgoing]) -> list[str]:
    return sorted(outgoing.headers["MessageGuid"] for outgoing in messages)


def is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def test_without_a_fault_everything_arrives_as_it_was_sent() -> None:
    assert Line().run(30) == list(Supplier(fixtures=12, start=START).advance(START + timedelta(seconds=30)))


def test_silence_is_total_and_ends_when_it_is_stopped() -> None:
    line = Line("silence")
    assert line.run(30) == []
    line.faults.stop("silence")
    assert line.run(30)


def test_a_delay_keeps_messages_for_its_seconds_and_the_rest_comes_when_it_stops() -> None:
    line = Line("delay:10")
    assert line.run(9) == []
    late = line.run(10)
    assert late
    assert max(outgoing.at for outgoing in late) <= (line.now - timedelta(seconds=10)).timestamp() * 1000
    line.faults.stop("delay")
    rest = line.run(1)
    assert guids(late + rest) == guids(without_fault(20))
    assert [outgoing.at for outgoing in late + rest] == sorted(outgoing.at for outgoing in late + rest)


def test_duplicates_come_twice() -> None:
    twice = Counter(outgoing.headers["MessageGuid"] for outgoing in Line("duplicates:0.5").run(30))
    once = without_fault(30)
    assert set(twice) == {outgoing.headers["MessageGuid"] for outgoing in once}
    assert 0.3 < sum(count == 2 for count in twice.values()) / len(once) < 0.7
    assert max(twice.values()) == 2


def test_reordering_changes_places_and_loses_nothing() -> None:
    line = Line("reordering:0.5")
    arrived = line.run(30)
    line.faults.stop("reordering")
    arrived += line.run(0)
    assert arrived != without_fault(30)
    assert guids(arrived) == guids(without_fault(30))


def test_lost_messages_leave_a_hole_in_the_sequence() -> None:
    arrived = Line("lost:0.3").run(60)
    sent = without_fault(60)
    assert 0.5 < len(arrived) / len(sent) < 0.9
    holes = 0
    last: dict[tuple[object, ...], int] = {}
    for outgoing in arrived:
        if "MessageSequence" in outgoing.headers:
            key = outgoing.fixture_id, outgoing.type, outgoing.headers.get("MarketId")
            number = int(outgoing.headers["MessageSequence"])
            holes += number > last.get(key, 0) + 1
            last[key] = number
    assert holes


def numbered(messages: list[Outgoing]) -> dict[str, Outgoing]:
    return {outgoing.headers["MessageGuid"]: outgoing for outgoing in messages if number_of(outgoing) is not None}


def test_single_messages_are_dropped_and_listed_with_their_numbers() -> None:
    line = Line("drop:2")
    arrived = numbered(line.run(30))
    lost = [outgoing for guid, outgoing in numbered(without_fault(30)).items() if guid not in arrived]
    assert [(dropped.fixture, dropped.type, dropped.number) for dropped in line.distribution.spoiler.dropped] == [
        (outgoing.fixture_id, outgoing.type, number_of(outgoing)) for outgoing in lost
    ]
    assert len(lost) == 2
    assert not line.faults.on


def test_a_dropped_message_can_be_chosen_by_fixture_type_and_market() -> None:
    fixture_id = next(outgoing.fixture_id for outgoing in without_fault(30) if outgoing.type == MessageType.MARKET)
    line = Line(f"drop:3,fixture={fixture_id},type=3,market=1")
    arrived = numbered(line.run(120))
    dropped = list(line.distribution.spoiler.dropped)
    assert [(drop.fixture, drop.type, drop.market) for drop in dropped] == [(fixture_id, 3, 1)] * 3
    assert [drop.number for drop in dropped] == [1, 2, 3]
    assert len(numbered(without_fault(120))) - len(arrived) == 3


def test_packages_that_are_switched_off_get_nothing_until_they_are_activated() -> None:
    line = Line()
    assert line.run(10)
    line.faults.start("off")
    assert line.run(10) == []
    (package,) = line.distribution.packages.by_id.values()
    assert line.distribution.packages.switch(package, True)
    assert line.run(10)


def test_a_supplier_that_restarts_is_silent_then_counts_from_one_and_tells_everything() -> None:
    line = Line()
    line.run(30)
    line.faults.start("restart:10")
    assert line.run(9) == []
    after = line.run(2)
    fixtures = {outgoing.fixture_id for outgoing in after if outgoing.type == MessageType.FIXTURE}
    assert fixtures == {pk for pk, coverage in covered(line) if isinstance(coverage.contest, Match)}
    assert {number_of(outgoing) for outgoing in after} - {None} == {1}


def covered(line: Line) -> list[tuple[int, Coverage]]:
    return [(pk, coverage) for pk, coverage in line.distribution.supplier.coverages.items() if coverage.is_announced]


def test_odds_in_play_go_to_the_pre_match_package_too_while_they_overlap() -> None:
    def feeds(messages: list[Outgoing]) -> set[tuple[Feed, ...]]:
        return {outgoing.feeds for outgoing in messages if outgoing.type == MessageType.MARKET}

    assert feeds(Line("overlap").run(30)) - {(Feed.PRE_MATCH,)} == {BOTH}
    assert feeds(without_fault(30)) - {(Feed.PRE_MATCH,)} == {(Feed.IN_PLAY,)}


@pytest.mark.parametrize(
    ("way", "key"),
    [
        (0, lambda sent: (sent.fixture_id, sent.type, market_of(sent))),
        (1, lambda sent: sent.fixture_id),
        (2, lambda sent: (sent.fixture_id, sent.type)),
        (3, lambda sent: None),
    ],
)
def test_numbers_are_counted_in_another_way(way: int, key: Callable[[Outgoing], object]) -> None:
    numbers = defaultdict(list)
    for outgoing in numbered(Line(*[f"counting:{way}"] * bool(way)).run(60)).values():
        numbers[key(outgoing)].append(number_of(outgoing))
    assert all(counted == list(range(1, len(counted) + 1)) for counted in numbers.values())


def test_truncated_bodies_end_in_their_middle() -> None:
    whole = {outgoing.headers["MessageGuid"]: outgoing.body for outgoing in without_fault(20)}
    for outgoing in Line("truncated:1").run(20):
        assert not is_json(outgoing.body)
        assert whole[outgoing.headers["MessageGuid"]].startswith(outgoing.body)


def test_garbage_is_no_message_at_all() -> None:
    assert not any(is_json(outgoing.body) and outgoing.body.startswith(b"{") for outgoing in Line("garbage:1").run(20))


@pytest.mark.parametrize("dialect", ["trade", "hyper"])
def test_unheard_of_things_are_still_messages(dialect: str) -> None:
    arrived = Line("unknown:1", dialect=dialect).run(60)
    plain = {outgoing.headers["MessageGuid"]: outgoing.body for outgoing in without_fault(60, dialect)}
    assert all(is_json(outgoing.body) for outgoing in arrived)
    changed = [outgoing.body for outgoing in arrived if outgoing.body != plain[outgoing.headers["MessageGuid"]]]
    assert len(changed) > len(arrived) / 3
    assert any(b'"Unheard"' in body for body in changed)
    assert any(b'Type":77' in body for body in changed)


def test_wrong_clocks_are_ahead_in_seconds_and_milliseconds_alike() -> None:
    for outgoing in Line("clocks:3600").run(20):
        stamp = json.loads(outgoing.body)["Header"]["ServerTimestamp"]
        assert stamp in (outgoing.at + 3_600_000, outgoing.at // 1000 + 3600)


def test_a_burst_comes_once_and_at_once() -> None:
    line = Line()
    line.run(20)
    line.faults.start("burst:800")
    assert len(line.run(0.001)) >= 800
    assert len(line.run(0.001)) < 50


@pytest.mark.parametrize("name", sorted(set(KINDS) - LASTING - {"api-500", "api-timeout", "cut"}))
def test_each_fault_can_be_stopped_and_leaves_no_trace(name: str) -> None:
    line = Line(name)
    line.run(10)
    line.faults.stop(name)
    line.run(0)
    reference = Line()
    reference.run(10)
    if name == "burst":
        assert line.run(20)
    else:
        assert line.run(20) == reference.run(20)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("fire", "'fire' is no fault: there are silence, delay"),
        ("lost:1.5", "share of messages must be above 0 and at most 1"),
        ("lost:0", "must be above 0"),
        ("drop:1.5", "1.5 is no whole number"),
        ("lost:0.5,type=3", "only drop can be aimed, by fixture=, type= and market="),
        ("drop:1,type=odds", "only drop can be aimed"),
        ("delay:soon", "'soon' is no number"),
        ("delay:nan", "must be above 0"),
    ],
)
def test_a_fault_that_makes_no_sense_is_explained(text: str, sentence: str) -> None:
    with pytest.raises(UnknownFault, match=sentence):
        Faults(text)
