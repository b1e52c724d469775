"""XML and JSON of the same content give equal structs: each XML sample and its twin, written by hand."""

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest

from feed.wire import decode_piece
from feed.wire.messages import Dialect

from .wire_messages import plain


def results(*values: str) -> list[dict[str, str]]:
    return [{"Position": str(position), "Value": value} for position, value in enumerate(values, start=1)]


def period(kind: int, home: str, away: str, done: bool, incidents: list[Any] | None = None) -> dict[str, Any]:
    return {
        "Type": kind,
        "IsFinished": done,
        "IsConfirmed": done,
        "Results": results(home, away),
        "Incidents": incidents,
    }


def incident(period: int, kind: int, seconds: int, side: int, player: str, home: str, away: str) -> dict[str, Any]:
    return {
        "Period": period,
        "IncidentType": kind,
        "Seconds": seconds,
        "ParticipantPosition": str(side),
        "PlayerName": player,
        "Results": results(home, away),
    }


def statistic(kind: int, home: str, away: str, incidents: list[Any] | None = None) -> dict[str, Any]:
    return {"Type": kind, "Results": results(home, away), "Incidents": incidents}


def provider(
    number: int, name: str, updated: str, bet_updated: str, *bets: tuple[int, str, str, str]
) -> dict[str, Any]:
    return {
        "Id": number,
        "Name": name,
        "LastUpdate": updated,
        "Bets": [
            {
                "Id": bet,
                "Name": outcome,
                "Line": line,
                "BaseLine": "0:2",
                "Status": 1,
                "Price": price,
                "LastUpdate": bet_updated,
            }
            for bet, outcome, line, price in bets
        ],
    }


def league(tree: int, name: str, season: int, year: str, fixture: int, updated: str, sport: tuple[int, str]) -> Any:
    outright = {
        "LastUpdate": updated,
        "Sport": {"Id": sport[0], "Name": sport[1]},
        "Location": {"Id": 248, "Name": "International"},
        "Status": 1,
    }
    events = [{"FixtureId": fixture, "OutrightLeague": outright}]
    return {
        "Id": tree,
        "Name": name,
        "Type": 3,
        "Competitions": [{"Id": season, "Name": year, "Type": 4, "Events": events}],
    }


def runner(number: int, name: str, position: int, trainer: str, jockey: str, weight: str, result: str = "") -> Any:
    silk = "Https://Notcdn.Betstatic.Com.Au/Wgtprod-Silks/1048573-30381991-Sprite-65X65.Png"
    pairs = [("TrainerName", trainer), ("Jockey", jockey), ("JockeyWeight", weight), ("SilkUrl", silk)]
    pairs = [("Result", result), *pairs] if result else pairs
    return {
        "Id": number,
        "Name": name,
        "Position": str(position),
        "IsActive": 1,
        "ExtraData": [{"Name": name, "Value": value} for name, value in pairs],
    }


FOOTBALL = {
    "Scoreboard": {"Status": 3, "CurrentPeriod": 100, "Time": "5700", "Results": results("1", "3")},
    "Periods": [
        period(100, "1", "3", True),
        period(10, "0", "2", True, [
            incident(10, 9, 180, 2, "Valencia A.", "0", "1"),
            incident(10, 9, 600, 2, "Lingard J.", "0", "2"),
        ]),
        period(20, "1", "1", True, [
            incident(20, 9, 2880, 1, "Lacazette A.", "1", "2"),
            incident(20, 9, 3720, 2, "Lingard J.", "1", "3"),
        ]),
    ],
    "Statistics": [
        statistic(1, "12", "1"),
        statistic(6, "3", "2", [
            incident(20, 6, 3420, 2, "Rojo M.", "0", "1"),
            incident(20, 6, 4260, 1, "Bellerin H.", "1", "1"),
            incident(20, 6, 5160, 1, "Koscielny L.", "2", "1"),
            incident(20, 6, 5280, 1, "Sanchez A.", "3", "2"),
            incident(20, 6, 5280, 2, "Herrera A.", "3", "2"),
        ]),
        statistic(7, "0", "1", [incident(20, 7, 4380, 2, "Pogba P.", "0", "1")]),
        statistic(8, "0", "0"),
        statistic(10, "3", "3"),
        statistic(12, "11", "10"),
    ],
    "LivescoreExtraData": [],
}  # fmt: skip
TENNIS = {
    "Scoreboard": {"Status": 2, "CurrentPeriod": 2, "Time": "-1", "Results": results("0", "1")},
    "Periods": [
        period(1, "1", "6", True),
        period(2, "3", "3", False),
        period(60, "40", "30", False),
    ],
    "Statistics": [statistic(20, "3", "6"), statistic(21, "2", "2")],
    "LivescoreExtraData": [{"Name": "Turn", "Value": "1"}, {"Name": "Serve Number", "Value": "1"}],
}
HANDICAP = {
    "Id": 13,
    "Name": "European Handicap",
    "Providers": [
        provider(8, "Bet365", "2017-03-16T10:44:43.4209099Z", "2017-03-04T16:09:35Z",
            (18933138861385821, "1", "0:2", "2.4"),
            (18932538611385821, "X", "2:0", "2.875"),
            (18933127991385821, "2", "2:0", "2.875")),
        provider(7, "Tipico", "2017-03-16T10:42:52.6619509Z", "2017-03-04T16:09:09Z",
            (9867935571385821, "1", "0:2", "2.3"),
            (9867335321385821, "X", "2:0", "3"),
            (9867924701385821, "2", "2:0", "3.2")),
        provider(31, "William Hill", "2017-03-16T10:49:51.5557465Z", "2017-03-04T16:09:45Z",
            (11426129041385821, "1", "0:2", "2.375"),
            (12315064531385821, "X", "2:0", "2.7"),
            (14640192711385821, "2", "2:0", "3")),
    ],
}  # fmt: skip
RACE = {
    "Id": 4620,
    "Name": "Moe",
    "Type": 1,
    "Events": [{
        "FixtureId": 4020579,
        "OutrightFixture": {
            "LastUpdate": "2018-09-11T04:41:49.536Z",
            "Sport": {"Id": 687888, "Name": "Horse Racing"},
            "Location": {"Id": 172, "Name": "Australia"},
            "StartDate": "2018-09-10T21:30:00.000Z",
            "Status": 3,
            "Participants": [
                runner(52067806, "Cascade County", 2, "Peter Gelagotis", "Ben Melham", "58"),
                runner(52067807, "Days Of Glory", 3, "Michelle Payne", "Ms Michelle", "58"),
                runner(52067808, "Do You Reckon", 4, "M D Moroney", "Patrick Moloney", "58", "3"),
                runner(52067809, "Hautclere", 5, "M Ellerton & S Zahra", "Damien Thornton", "58"),
                runner(52067810, "Me Cabo", 6, "Nick Ryan", "James Winks", "58", "2"),
                runner(52066808, "Secret Vega", 7, "Lloyd Kennewell", "Joe Bowditch", "58", "1"),
                runner(52067811, "They Callmemalcom", 8, "S C Bottomley", "Brian Higgins", "58"),
                runner(52067812, "Hediard", 9, "Anthony Freedman", "Jye Mcneil", "56", "4"),
                runner(52067813, "Linda Maria", 10, "P & P Snowden", "Chris Parnham", "56"),
                runner(52067814, "Quora", 11, "D & B Hayes & T Dabernig", "Luke Nolen", "56"),
            ],
        },
    }],
}  # fmt: skip
TWINS: dict[str, Any] = {
    "seed_fixture_football.xml": {
        "Fixture": {
            "LastUpdate": "2017-03-04T17:12:00Z",
            "ExternalProviderId": 578713,
            "Sport": {"Id": 6046, "Name": "Football"},
            "Location": {"Id": 243, "Name": "England"},
            "League": {"Id": 67, "Name": "Premier League"},
            "StartDate": "2017-03-04T15:30:00Z",
            "Status": 3,
            "Participants": [
                {"Id": 19, "Name": "Liverpool", "Position": "1"},
                {"Id": 3, "Name": "Arsenal", "Position": "2"},
            ],
        }
    },
    "seed_heartbeat.xml": {
        "Header": {"Type": 32, "MsgGuid": "ef3a5979-46ef-4f94-ae60-90c063ab3440", "ServerTimestamp": 1516013721}
    },
    "seed_keepalive.xml": {"KeepAlive": {"ActiveEvents": [1234, 1111, 6213, 4021]}},
    "seed_livescore_football_finished.xml": {"Livescore": FOOTBALL},
    "seed_livescore_tennis_live.xml": {"Livescore": TENNIS},
    "seed_markets_european_handicap_providers.xml": {"Markets": [HANDICAP]},
    "seed_outright_fixture_horse_racing.xml": {"Competition": RACE},
    "seed_outright_league.xml": {
        "Competitions": [
            league(5248, "Thomas Cup", 457, "2020", 4999614, "2019-11-18T09:40:42.586Z", (1149093, "Badminton")),
            league(145, "Davis Cup", 556, "2019", 4999616, "2019-11-18T09:40:43.415Z", (54094, "Tennis")),
        ]
    },
}


#: What an element of a list is called in XML, where it is not the list's name without its last letter.
ELEMENTS = {"Competitions": "Competition", "Results": "Score", "ActiveEvents": "ActiveEvent"}


def as_xml(name: str, value: Any) -> str:
    """The element `name`: scalars as attributes, lists in a wrapper of their name, extra data as the seed has it."""
    if isinstance(value, list):
        element = "Data" if name.endswith("ExtraData") else ELEMENTS.get(name, name.removesuffix("s"))
        return f"<{name}>{''.join(as_xml(element, child) for child in value)}</{name}>"
    if not isinstance(value, dict):
        return f"<{name}>{escape(str(value))}</{name}>"
    scalars = {key: inner for key, inner in value.items() if inner is not None and not isinstance(inner, dict | list)}
    text = scalars.pop("Value", "") if name in ("Data", "Score") else ""
    attributes = "".join(f" {key}={quoteattr(written(scalar))}" for key, scalar in scalars.items())
    children = "".join(as_xml(key, inner) for key, inner in value.items() if isinstance(inner, dict | list))
    return f"<{name}{attributes}>{escape(text)}{children}</{name}>"


def written(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool | float) else str(value)


def in_dialect(body: bytes, dialect: Dialect) -> Any:
    """What the message says, which is expected in XML or JSON, said to be in `dialect`."""
    message = decode_piece(body)
    message.dialect = dialect
    return plain(message)


@pytest.mark.parametrize("file", TWINS)
def test_an_xml_sample_and_its_json_twin_are_equal(file: str, samples: Path) -> None:
    body = (samples / file).read_bytes().replace(b" & ", b" &amp; ")

    assert in_dialect(body, Dialect.XML) == in_dialect(json.dumps(TWINS[file]).encode(), Dialect.XML)


def test_every_xml_sample_has_a_twin(samples: Path) -> None:
    assert {path.name for path in samples.glob("*.xml")} == TWINS.keys()


@pytest.mark.parametrize("element_body", [False, True], ids=["header as attributes", "header as elements"])
def test_every_json_sample_written_as_xml_is_equal(element_body: bool, samples: Path) -> None:
    for path in samples.glob("*.json"):
        message = json.loads(path.read_bytes())
        message = message[0] if isinstance(message, list) else message
        if "Header" not in message or isinstance(message.get("Body"), list):
            continue
        if element_body:
            header = "".join(as_xml(key, value) for key, value in message["Header"].items())
            body = as_xml("Body", message["Body"]) if "Body" in message else ""
            document = f"<Message><Header>{header}</Header>{body}</Message>"
        else:
            document = as_xml("Message", message)

        assert in_dialect(document.encode(), Dialect.XML) == in_dialect(path.read_bytes(), Dialect.XML), path.name
