"""Every sample message of LSports yields what it says: its dialect, type, fixtures, contents and some exact values."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from feed.codes import BetStatus, FixtureStatus, HyperKind, Settlement
from feed.wire import DecodeError, decode, decode_piece
from feed.wire.messages import FixtureKind
from feed.wire.summary import NOUNS, counts, fixture_ids
from feed.wire.unknown import unknown_codes


class Sample(NamedTuple):
    """What a sample yields.

    `fixtures` are the first ids; `holds` counts fixtures, participants, ... bets, without the zeros at the end;
    `values` maps a path into the message to what is there.
    """

    file: str
    dialect: str
    type: int
    fixtures: list[int]
    holds: tuple[int, ...]
    values: dict[str, Any]


FIXTURE, LIVESCORE, MARKET = "events.0.fixture", "events.0.livescore", "events.0.markets.0"
BET, COMPETITION, INCIDENT = f"{MARKET}.bets.0", "events.0.competitions.0", "events.0.incident"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def at(found: Any, path: str) -> Any:
    """What lies at a path of attributes and indices."""
    for step in path.split("."):
        found = found[int(step)] if step.isdigit() else getattr(found, step)
    return found


SAMPLES = [
    Sample("hyper_fixture.json", "hyper", 1, [123456], (1, 2), {
        "header.sent_at": utc(2025, 11, 4, 19, 45),
        "header.guid": "d9e1a4e6-2a44-4a3d-9bbd-0a9a7f5e1c2d",
        f"{FIXTURE}.sport.id": 6046,
        f"{FIXTURE}.start_date": utc(2025, 11, 4, 19, 45),
        f"{FIXTURE}.participants.1.name": "Chelsea",
        f"{FIXTURE}.participants.1.position": 2,
    }),
    Sample("hyper_incident_goal.json", "hyper", 2, [123456], (1, 0, 0, 1), {
        f"{INCIDENT}.id": 777001,
        f"{INCIDENT}.kind": HyperKind.SCORE,
        f"{INCIDENT}.status": None,
        f"{INCIDENT}.seconds": 625,
        f"{INCIDENT}.confidence": 0.94,
        f"{INCIDENT}.period.id": 10,
        f"{INCIDENT}.values.0.position": 1,
        f"{INCIDENT}.values.0.value": "1",
        f"{INCIDENT}.players.0.name": "Bukayo Saka",
        f"{INCIDENT}.players.0.team_id": 9001,
    }),
    Sample("seed_fixture_football.xml", "xml", 1, [], (1, 2), {
        f"{FIXTURE}.external_provider_id": "578713",
        f"{FIXTURE}.status": FixtureStatus.FINISHED,
        f"{FIXTURE}.last_update": utc(2017, 3, 4, 17, 12),
    }),
    Sample("seed_heartbeat.xml", "xml", 32, [], (), {
        "header.sent_at": utc(2018, 1, 15, 10, 55, 21),
        "heartbeat.feed_interrupted": [],
    }),
    Sample("seed_keepalive.xml", "xml", 31, [1234, 1111, 6213, 4021], (4,), {"keep_alive.provider_id": None}),
    Sample("seed_livescore_football_finished.xml", "xml", 2, [], (1, 0, 3, 10, 6), {
        f"{LIVESCORE}.scoreboard.results.1.value": "3",
        f"{LIVESCORE}.periods.1.incidents.0.player_name": "Valencia A.",
        f"{LIVESCORE}.periods.1.incidents.0.participant_position": 2,
        f"{LIVESCORE}.statistics.0.results.0.value": "12",
        f"{LIVESCORE}.statistics.1.incidents.4.player_name": "Herrera A.",
        f"{LIVESCORE}.livescore_extra_data": [],
    }),
    Sample("seed_livescore_tennis_live.xml", "xml", 2, [], (1, 0, 3, 0, 2), {
        f"{LIVESCORE}.scoreboard.time": -1,
        f"{LIVESCORE}.periods.2.type": 60,
        f"{LIVESCORE}.periods.2.is_finished": False,
        f"{LIVESCORE}.periods.2.results.0.value": "40",
        f"{LIVESCORE}.livescore_extra_data.0.name": "Turn",
        f"{LIVESCORE}.livescore_extra_data.0.value": "1",
    }),
    Sample("seed_markets_european_handicap_providers.xml", "xml", 3, [], (1, 0, 0, 0, 0, 1, 3, 9), {
        f"{MARKET}.provider_markets.2.name": "William Hill",
        f"{MARKET}.provider_markets.0.last_update": utc(2017, 3, 16, 10, 44, 43, 420910),
        f"{MARKET}.provider_markets.0.bets.1.id": 18932538611385821,
        f"{MARKET}.provider_markets.0.bets.1.price": Decimal("2.875"),
        f"{MARKET}.provider_markets.0.bets.1.line": "2:0",
        f"{MARKET}.provider_markets.0.bets.1.base_line": "0:2",
    }),
    Sample("seed_outright_league.xml", "xml", 38, [4999614, 4999616], (2,), {
        f"{COMPETITION}.id": 5248,
        "events.0.competitions.1.type": 4,
        "events.1.competitions.0.name": "Davis Cup",
        "events.1.competitions.1.name": "2019",
        "events.1.kind": FixtureKind.OUTRIGHT_LEAGUE,
    }),
    Sample("snapshot_get_fixtures_basketball_2022.json", "trade", 1, [8014396, 8014397, 8016192], (10, 20), {
        "header.sent_at": utc(2022, 1, 7, 14, 15, 25),
        f"{FIXTURE}.start_date": utc(2022, 1, 26, 23, 0),
        f"{FIXTURE}.fixture_extra_data.0.value": "302202,302201",
    }),
    Sample("snapshot_get_fixtures_tennis_2022.json", "trade", 1, [8182443, 8182448, 8184642], (11, 22), {
        f"{FIXTURE}.fixture_extra_data.2.name": "TourId",
    }),
    Sample("snapshot_get_outright_league_markets_body_2026.json", "trade", 40, [26721036], (1, 0, 0, 0, 0, 1, 0, 1), {
        f"{COMPETITION}.next_fixture_start_time": utc(2026, 5, 29, 14, 44, 55),
        f"{BET}.price": Decimal("1.5"),
    }),
    Sample("type01_fixture_baseball_cancelled_2023.json", "trade", 1, [11443563], (1, 2), {
        "header.seq": 4,
        f"{FIXTURE}.status": FixtureStatus.CANCELLED,
        f"{FIXTURE}.fixture_extra_data.2.name": "CancellationReason",
        f"{FIXTURE}.fixture_extra_data.2.value": "Event Cancelled",
    }),
    Sample("type01_fixture_baseball_postponed_2023.json", "trade", 1, [11443563], (1, 2), {
        "header.sent_at": None,
        f"{FIXTURE}.status": FixtureStatus.POSTPONED,
    }),
    Sample("type01_fixture_football_2023.json", "trade", 1, [11113180], (1, 2), {
        "header.sent_at": utc(2023, 8, 3, 7, 53, 45, 443000),
        "header.created_at": utc(2023, 8, 3, 7, 53, 45, 441849),
        f"{FIXTURE}.status": FixtureStatus.ABOUT_TO_START,
        f"{FIXTURE}.participants.0.name": "AC Milan (james)",
    }),
    Sample("type01_fixture_football_venue_2025.json", "trade", 1, [16861271], (1, 2), {
        f"{FIXTURE}.start_date": utc(2025, 10, 8, 19, 0),
        f"{FIXTURE}.venue.name": "Stade du 4-Août",
        f"{FIXTURE}.venue.capacity": 60000,
        f"{FIXTURE}.venue.court_surface_type": "Grass",
        f"{FIXTURE}.venue.city.name": "Ouagadougou",
        f"{FIXTURE}.stage.name": "Qualification",
        f"{FIXTURE}.round.name": "9",
    }),
    Sample("type02_livescore_football_finished_2023.json", "trade", 2, [11112583], (1, 2, 3, 6), {
        f"{FIXTURE}.location": None,
        f"{LIVESCORE}.scoreboard.status": FixtureStatus.FINISHED,
        f"{LIVESCORE}.scoreboard.time": 5400,
        f"{LIVESCORE}.periods.0.type": 100,
        f"{LIVESCORE}.periods.0.is_finished": True,
        f"{LIVESCORE}.periods.0.is_confirmed": False,
        f"{LIVESCORE}.periods.1.incidents.0.incident_type": 27,
        f"{LIVESCORE}.periods.1.incidents.0.seconds": 900,
        f"{LIVESCORE}.periods.1.incidents.0.participant_position": 2,
    }),
    Sample("type02_livescore_football_live_2020.json", "oddservice", 2, [5391512], (1, 0, 2, 0, 5), {
        "header.seq": 13,
        f"{LIVESCORE}.scoreboard.time": 480,
    }),
    Sample("type02_livescore_football_snapshot_2025.json", "trade", 2, [25657907], (1, 2), {
        f"{FIXTURE}.status": FixtureStatus.CANCELLED,
        f"{LIVESCORE}.scoreboard.status": FixtureStatus.IN_PROGRESS,
        f"{LIVESCORE}.scoreboard.clock.status": 1,
        f"{LIVESCORE}.scoreboard.clock.seconds": 2700,
    }),
    Sample("type03_market_1x2_2025.json", "trade", 3, [24605698], (1, 0, 0, 0, 0, 1, 0, 2), {
        f"{BET}.id": 30713932524605698,
        f"{BET}.price": Decimal("2.1"),
        f"{BET}.probability": 0.42869,
        f"{BET}.order": 1,
        f"{BET}.last_update": utc(2025, 7, 21, 9, 53, 22, 979250),
    }),
    Sample("type03_market_player_prop_2023.json", "trade", 3, [11098946], (1, 0, 0, 0, 0, 1, 0, 1), {
        f"{BET}.player_id": "646189",
        f"{BET}.player_name": "Kenny Ximenes",
        f"{BET}.participant_id": 130237,
        f"{BET}.start_price": Decimal("1.0"),
    }),
    Sample("type03_market_under_over_2025.json", "trade", 3, [15267782], (1, 0, 0, 0, 0, 1, 0, 2), {
        f"{MARKET}.main_line": "1.5",
        f"{BET}.id": 169505664915267782,
        f"{BET}.calculated_margin": 8.05,
        f"{BET}.provider_bet_id": "74",
    }),
    Sample("type31_keepalive_2022.json", "trade", 31, [8066615, 8067007, 8068049], (10,), {
        "keep_alive.provider_id": None,
    }),
    Sample("type31_keepalive_empty_2019.json", "oddservice", 31, [], (), {
        "keep_alive.provider_id": 75,
        "keep_alive.active_events": [],
    }),
    Sample("type32_heartbeat_2019.json", "trade", 32, [], (), {"heartbeat.feed_interrupted": []}),
    Sample("type32_heartbeat_2022.json", "trade", 32, [], (), {"header.sent_at": utc(2022, 1, 12, 12, 18, 59)}),
    Sample("type35_settlement_1x2_2025.json", "trade", 35, [24605698], (1, 0, 0, 0, 0, 1, 0, 1), {
        f"{BET}.status": BetStatus.SETTLED,
        f"{BET}.settlement": Settlement.LOSER,
        f"{BET}.probability": -1.0,
        f"{BET}.provider_bet_id": "0",
    }),
    Sample("type35_settlement_correct_score_2023.json", "trade", 35, [11092776], (1, 0, 0, 0, 0, 1, 0, 3), {
        f"{BET}.price": Decimal("17.0579"),
        f"{BET}.name": "1-4",
    }),
    Sample("type37_outright_fixture_2024.json", "trade", 37, [22751994], (1, 1), {
        "events.0.kind": FixtureKind.OUTRIGHT,
        f"{COMPETITION}.name": "Antepost",
        f"{FIXTURE}.participants.0.is_active": 1,
        f"{FIXTURE}.participants.0.extra_data.1.name": "DamSire",
        f"{FIXTURE}.participants.0.extra_data.1.value": "Trebrook",
    }),
    Sample("type38_outright_league_fixture_2024.json", "trade", 38, [22751084], (1,), {
        "events.0.kind": FixtureKind.OUTRIGHT_LEAGUE,
        f"{COMPETITION}.id": 67,
        "events.0.competitions.1.name": "2023/2024",
        f"{FIXTURE}.end_date": utc(2026, 5, 2),
        f"{FIXTURE}.extra_data.0.name": "WithLivescore",
    }),
    Sample("type39_outright_score_2024.json", "trade", 39, [22808966], (1, 3), {
        "events.0.kind": FixtureKind.OUTRIGHT,
        "events.0.outright_score.status": FixtureStatus.FINISHED,
        "events.0.outright_score.participant_results.1.name": "Terra Fina",
        "events.0.outright_score.participant_results.1.result": "1",
    }),
    Sample("type40_outright_league_market_2025.json", "trade", 40, [24605645], (1, 0, 0, 0, 0, 1, 0, 2), {
        f"{BET}.participant_id": 52280038,
        f"{BET}.price": Decimal("1.44"),
    }),
    Sample("type40_outright_league_market_body_2026.json", "trade", 40, [26721036], (1, 0, 0, 0, 0, 1, 1, 3), {
        "events.0.fixture_name": "Premier League 2023/2024 Outright Winner",
        f"{BET}.last_update": utc(2026, 5, 27, 14, 44, 59, 540000),
        f"{MARKET}.provider_markets.0.name": "Bet365",
        f"{MARKET}.provider_markets.0.bets.0.id": 23362,
    }),
    Sample("type42_outright_settlement_2025.json", "trade", 42, [16247002], (1, 0, 0, 0, 0, 1, 0, 1), {
        "events.0.kind": FixtureKind.OUTRIGHT,
        f"{BET}.id": 213192246116247002,
        f"{BET}.settlement": Settlement.LOSER,
    }),
]  # fmt: skip
#: Not well-formed as the seed prints it, which is the reason that it must be refused for.
RACING = "seed_outright_fixture_horse_racing.xml"
#: Those that are a piece of a message, without a header.
PIECES = frozenset(sample.file for sample in SAMPLES if sample.file.startswith("seed_") or "_body_" in sample.file) - {
    "seed_heartbeat.xml"
}

check = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)


@check
def test_a_sample_yields_what_it_says(sample: Sample, samples: Path) -> None:
    message = decode_piece((samples / sample.file).read_bytes())

    assert (message.dialect, message.header.type) == (sample.dialect, sample.type)
    assert fixture_ids(message)[: len(sample.fixtures)] == sample.fixtures
    assert tuple(counts(message).values()) == sample.holds + (0,) * (len(NOUNS) - len(sample.holds))
    assert {path: at(message, path) for path in sample.values} == sample.values


@check
def test_a_sample_without_a_header_is_a_piece_and_no_message(sample: Sample, samples: Path) -> None:
    body = (samples / sample.file).read_bytes()

    if sample.file in PIECES:
        with pytest.raises(DecodeError, match="no Header"):
            decode(body)
    else:
        assert decode(body) == decode_piece(body)


@check
def test_a_sample_has_no_number_without_a_name(sample: Sample, samples: Path) -> None:
    assert unknown_codes(decode_piece((samples / sample.file).read_bytes())) == []


def test_every_sample_is_in_the_table(samples: Path) -> None:
    files = {path.name for path in samples.iterdir() if path.suffix in (".json", ".xml")}

    assert files == {sample.file for sample in SAMPLES} | {RACING}


def test_the_racing_sample_is_refused_for_the_ampersand_in_a_name(samples: Path) -> None:
    with pytest.raises(DecodeError) as refused:
        decode_piece((samples / RACING).read_bytes())

    assert refused.value.kind == "syntax"
    assert "not well-formed" in refused.value.reason
    assert "M Ellerton & S Zahra" in refused.value.reason


def test_the_racing_sample_is_understood_once_its_ampersands_are_as_xml_wants(samples: Path) -> None:
    message = decode_piece((samples / RACING).read_bytes().replace(b"&", b"&amp;"))

    runners = at(message, f"{FIXTURE}.participants")
    assert (message.header.type, at(message, "events.0.kind")) == (37, FixtureKind.OUTRIGHT)
    assert fixture_ids(message) == [4020579]
    assert [runner.position for runner in runners] == list(range(2, 12))
    assert {pair.name: pair.value for pair in runners[3].extra_data}["TrainerName"] == "M Ellerton & S Zahra"
    assert (at(message, f"{COMPETITION}.id"), at(message, f"{COMPETITION}.type")) == (4620, 1)
