"""Messages in wide characters, compressed, padded, with headers of their own kind: the message is in there."""

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from feed.wire import DecodeError, Limits, decode

HEADER = {"Type": 3, "MsgSeq": 1, "ServerTimestamp": 1775000000000}
BODY = {
    "Events": [{"FixtureId": 7, "Markets": [{"Id": 1, "Bets": [{"Id": 11, "Name": "1", "Status": 2, "Price": "2"}]}]}]
}
IN_JSON = json.dumps({"Header": HEADER, "Body": BODY}).encode()
BET = '<Market Id="1"><Bets><Bet Id="11" Name="1" Status="2" Price="2"/></Bets></Market>'
EVENT = f'<Event FixtureId="7"><Markets>{BET}</Markets></Event>'
IN_XML = f"<Message><Header><Type>3</Type></Header><Body><Events>{EVENT}</Events></Body></Message>".encode()
MARK = b"\xef\xbb\xbf"


def recoded(encoding: str, mark: bytes = b"") -> Callable[[bytes], bytes]:
    return lambda body: mark + body.decode().encode(encoding)


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "UTF-16 with a mark": recoded("utf-16"),
    "UTF-16, low bytes first": recoded("utf-16-le"),
    "UTF-16, high bytes first": recoded("utf-16-be"),
    "UTF-16, high bytes first, with a mark": recoded("utf-16-be", b"\xfe\xff"),
    "UTF-32 with a mark": recoded("utf-32"),
    "UTF-32, low bytes first": recoded("utf-32-le"),
    "UTF-32, high bytes first": recoded("utf-32-be"),
    "UTF-32, high bytes first, with a mark": recoded("utf-32-be", b"\0\0\xfe\xff"),
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "zlib, best": lambda body: zlib.compress(body, 9),
    "gzip of what has a mark": lambda body: gzip.compress(MARK + body),
    "a mark": lambda body: MARK + body,
    "a mark twice": lambda body: MARK + MARK + body,
    "a mark after blanks": lambda body: b" \r\n" + MARK + body,
    "blanks after a mark": lambda body: MARK + b"\r\n " + body,
    "NULs after it": lambda body: body + b"\0\0\0",
    "NULs before it": lambda body: b"\0\0\0" + body,
    "NULs and lines after it": lambda body: body + b"\0\n\0\r\n",
    "a text": lambda body: json.dumps(body.decode()).encode(),
    "a text with a mark before it": lambda body: MARK + json.dumps(body.decode()).encode(),
    "a text with a mark in it": lambda body: json.dumps("\ufeff" + body.decode()).encode(),
    "a text and NULs": lambda body: b"\0" + json.dumps(body.decode()).encode() + b"\0\n",
    "a text in a text": lambda body: json.dumps(json.dumps(body.decode())).encode(),
    "lines around it": lambda body: b"\r\n\t" + body + b"\n\n",
}


def statuses(body: bytes) -> list[int | None]:
    markets = decode(body).events[0].markets or []
    return [bet.status for market in markets for bet in market.bets or []]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("body", [IN_JSON, IN_XML], ids=["JSON", "XML"])
def test_the_message_is_found_in_whatever_it_is_sent(body: bytes, way: str) -> None:
    assert statuses(WAYS[way](body)) == [2]


def test_a_declaration_of_xml_may_stand_after_blanks() -> None:
    assert statuses(b'\r\n <?xml version="1.0"?>' + IN_XML) == [2]


HEADERS: dict[str, Any] = {
    "a text": HEADER | {"Type": "3"},
    "a text with blanks": HEADER | {"Type": " 3 "},
    "a fraction": HEADER | {"Type": 3.0},
    "LSports' name": HEADER | {"Type": "MarketUpdate"},
    "our name": HEADER | {"Type": "market"},
    "an object": HEADER | {"Type": {"Id": 3, "Name": "Market"}},
    "a list": HEADER | {"Type": [3]},
    "a list of one header": [HEADER],
    "two headers": [HEADER, HEADER],
    "two headers that are not alike": [HEADER, {"Type": "3", "MsgSeq": 9}],
    "JSON in a text": json.dumps(HEADER),
    "attributes": {"@attributes": HEADER},
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_is_read_however_it_is_written(name: str) -> None:
    assert statuses(json.dumps({"Header": HEADERS[name], "Body": BODY}).encode()) == [2]


def test_two_headers_of_xml_are_one() -> None:
    assert statuses(IN_XML.replace(b"<Body>", b"<Header><Type>3</Type></Header><Body>")) == [2]


@pytest.mark.parametrize(
    "header", [[HEADER, {"Type": 35}], [{}, {}], [], "x", 5, {"Type": None}, {"Type": "x"}], ids=str
)
def test_headers_that_do_not_say_what_it_is_are_refused(header: Any) -> None:
    with pytest.raises(DecodeError):
        decode(json.dumps({"Header": header, "Body": BODY}).encode())


@pytest.mark.parametrize("between", [b"", b"\n", b",", b"\0", b"\x1e"])
def test_two_messages_in_a_row_are_refused_with_a_sentence(between: bytes) -> None:
    with pytest.raises(DecodeError, match="more stands behind the message; a delivery has one"):
        decode(IN_JSON + between + IN_JSON)


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress])
def test_a_message_is_no_larger_for_being_compressed(compress: Callable[[bytes], bytes]) -> None:
    bomb = compress(b" " * 10_000_000)
    with pytest.raises(DecodeError) as raised:
        decode(bomb, Limits(max_bytes=100_000))

    assert raised.value.kind == "too_large"


@pytest.mark.parametrize(
    "body",
    [b"\x1f\x8b\x08\0", b"\x1f\x8b" * 50, gzip.compress(b"x"), gzip.compress(gzip.compress(IN_JSON)), b"\0" * 9],
    ids=["too short", "broken", "another text", "compressed twice", "NULs"],
)
def test_what_holds_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(body)
