"""What decoding costs, measured beside a reference in the same run.

A 24-bet market message in JSON against `msgspec.json.decode` of the same bytes into plain objects (at most 2.5 times),
and the same message in XML against lxml parsing the same bytes (at most 4 times).
"""

import json
from collections.abc import Callable
from statistics import median
from time import perf_counter_ns
from typing import Any
from xml.sax.saxutils import quoteattr

import msgspec
from lxml import etree

from feed.wire import decode
from feed.wire.fields.values import price

from .side_by_side import row

BETS = 24
JSON_TIMES, XML_TIMES = 2.5, 4.0
#: Both sides are measured in turns, so that a busy machine slows both alike.
ROUNDS, CALLS = 41, 100

Read = Callable[[bytes], object]


def run() -> list[dict[str, Any]]:
    """A row for each message: microseconds of both sides, how many times as long ours takes, and its limit."""
    messages = json_messages()
    return [
        *(measure(name, body, msgspec.json.decode, JSON_TIMES) for name, body in messages.items()),
        measure("JSON, all prices new", messages["JSON, 24 bets"], msgspec.json.decode, None, decode_anew),
        measure("XML, 24 bets", xml_message(), etree.fromstring, XML_TIMES),
    ]


def decode_anew(body: bytes) -> object:
    """Decode as if no price of the message had been seen before."""
    price.cache_clear()
    return decode(body)


def json_messages() -> dict[str, bytes]:
    """The same market as a feed writes it, with blanks between, with empty StartPrices, with volumes and with each
    price in other notations."""
    plain = market()
    volumes = market(PriceVolume="120.5", LayPrice="2.02", LayPriceVolume="33.2")
    others = market(PriceIN="-1.06", PriceUS="-106", PriceUK="17/18", PriceMA="0.94", PriceHK="0.94")
    return {
        "JSON, 24 bets": json.dumps(plain, separators=(",", ":")).encode(),
        "JSON, with blanks": json.dumps(plain).encode(),
        "JSON, StartPrice empty": json.dumps(market(StartPrice=""), separators=(",", ":")).encode(),
        "JSON, with volumes": json.dumps(volumes, separators=(",", ":")).encode(),
        "JSON, with notations": json.dumps(others, separators=(",", ":")).encode(),
    }


def market(**fields: Any) -> dict[str, Any]:
    """A TRADE market message with 24 bets of different prices and the fields that captured ones have."""
    bets = [bet(number) | fields for number in range(BETS)]
    markets = [{"Id": 2, "Name": "Under/Over", "MainLine": "2.5", "Bets": bets}]
    header = {"Type": 3, "MsgSeq": 9, "MsgGuid": "5f4e1c52-93a5-4d0e-8d7a-0f1c7a3e9b21"}
    times = {"CreationDate": "2026-11-20T18:30:07.9824628Z", "ServerTimestamp": 1795199407982}
    events = [{"FixtureId": 15267782, "Livescore": None, "Markets": markets}]
    return {"Header": header | times, "Body": {"Events": events}}


def bet(number: int) -> dict[str, Any]:
    return {
        "Probability": 0.46462,
        "CalculatedMargin": 8.05,
        "SerializedCalculatedMargin": "8.05",
        "Id": 169505664915267782 + number,
        "Name": "Over" if number % 2 else "Under",
        "Line": f"{number // 2}.5",
        "BaseLine": f"{number // 2}.5",
        "Status": 1,
        "StartPrice": "2.06",
        "Price": f"{1 + number / 8:.3f}",
        "ProviderBetId": "74",
        "LastUpdate": f"2026-11-20T18:30:07.90129{number:02}Z",
        "SerializedLastUpdate": "2026-11-20T18:30:07.901Z",
    }


def xml_message() -> bytes:
    """The same market as OddService XML, at one bookmaker."""
    bets = "".join(f"<Bet {attributes(bet(number))}/>" for number in range(BETS))
    provider = f'<Provider Id="8" Name="Any" LastUpdate="2026-11-20T18:30:07.9012947Z">{bets}</Provider>'
    event = f'<Event FixtureId="1"><Markets><Market Id="2" Name="Under/Over">{provider}</Market></Markets></Event>'
    header = "<Header><Type>3</Type><MsgId>9</MsgId><ServerTimestamp>1795199407</ServerTimestamp></Header>"
    return f"<Message>{header}<Body><Events>{event}</Events></Body></Message>".encode()


def attributes(fields: dict[str, Any]) -> str:
    return " ".join(f"{name}={quoteattr(str(value))}" for name, value in fields.items())


def measure(name: str, body: bytes, reference: Read, limit: float | None, read: Read = decode) -> dict[str, Any]:
    """The medians of both, taken in turns. Without a limit the row is for information, and always holds."""
    theirs, ours = [], []
    for _ in range(ROUNDS):
        theirs.append(microseconds(reference, body))
        ours.append(microseconds(read, body))
    times = median(mine / other for mine, other in zip(ours, theirs, strict=True))
    goal, holds = ("", True) if limit is None else (f"<= {limit}", times <= limit)
    return row(name, "us", median(ours), median(theirs), times, goal, holds, bytes=len(body))


def microseconds(read: Read, body: bytes) -> float:
    """What one call takes."""
    started = perf_counter_ns()
    for _ in range(CALLS):
        read(body)
    return (perf_counter_ns() - started) / CALLS / 1000
