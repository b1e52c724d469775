"""Input that means harm: each is refused with a reason, in bounded time and memory."""

import json
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from feed.wire import DecodeError, Limits, decode

from .wire_messages import body

MEBIBYTE = 1024 * 1024
#: Far more than any of these takes; a bomb that goes off takes minutes or gigabytes.
SECONDS, MEMORY = 5.0, 400 * MEBIBYTE

LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY a "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><Message>&c;</Message>"""
FILE = b'<!DOCTYPE Message [<!ENTITY passwd SYSTEM "file:///etc/passwd">]><Message>&passwd;</Message>'
REMOTE = b'<!DOCTYPE Message SYSTEM "http://127.0.0.1:1/evil.dtd"><Message/>'
QUADRATIC = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 100_000 + b'">]><Message>' + b"&a;" * 10_000 + b"</Message>"
HEARTBEAT = b"<Message><Header><Type>32</Type></Header>"


def nested(depth: int, opening: bytes, closing: bytes = b"") -> bytes:
    return b'{"Header":{"Type":32},"Extra":' + opening * depth + b"1" + closing * depth + b"}"


def tree(depth: int) -> dict[str, Any]:
    """A competition tree of this many nodes, each below the one before."""
    node: dict[str, Any] = {"Id": depth, "Events": [{"FixtureId": 7}]}
    for number in range(depth - 1, 0, -1):
        node = {"Id": number, "Competitions": [node]}
    return node


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "entities that grow": (lambda: LAUGHS, "dtd"),
    "an entity that is a file": (lambda: FILE, "dtd"),
    "a document type elsewhere": (lambda: REMOTE, "dtd"),
    "a long entity many times": (lambda: QUADRATIC, "dtd"),
    "an entity that nobody declared": (lambda: b"<Message>&lol;</Message>", "syntax"),
    "XML 10,000 deep": (lambda: b"<Message>" + b"<a>" * 10_000 + b"</a>" * 10_000 + b"</Message>", "too_deep"),
    "XML with a million elements": (lambda: HEARTBEAT + b"<a/>" * 1_000_001 + b"</Message>", "too_large"),
    "XML with a million attributes": (lambda: HEARTBEAT + b"<a" + b' b=""' * 1_000_001 + b"/></Message>", "too_large"),
    "XML that is cut off": (lambda: b"<Message><Header>", "syntax"),
    "XML in an unknown encoding": (lambda: b'<?xml version="1.0" encoding="martian"?><Message/>', "text"),
    "XML with broken UTF-8": (lambda: b"<Message><Header><Type>\xff</Type></Header></Message>", "syntax"),
    "XML with a NUL": (lambda: HEARTBEAT + b"\x00</Message>", "syntax"),
    "JSON arrays 10,000 deep": (lambda: nested(10_000, b"[", b"]"), "too_deep"),
    "JSON objects 10,000 deep": (lambda: nested(10_000, b'{"a":', b"}"), "too_deep"),
    "JSON arrays 10,000 deep that never end": (lambda: nested(10_000, b"["), "too_deep"),
    "JSON five million deep": (lambda: b"[" * 5_000_000, "too_large"),
    "a body of 50 MB": (lambda: b'{"Header":{"Type":32},"Extra":"' + b"x" * 50_000_000 + b'"}', "too_large"),
    "a million empty events": (lambda: body(1, [{}] * 1_000_000), "too_large"),
    "an id of a million digits": (
        lambda: b'{"Header":{"Type":1},"Body":{"Events":[{"FixtureId":' + b"1" * 1_000_000 + b"}]}}",
        "syntax",
    ),
    "an id of a million digits as text": (lambda: body(1, {"Events": [{"FixtureId": "1" * 1_000_000}]}), "number"),
    "an exponent that fits nowhere": (
        lambda: b'{"Header":{"Type":1},"Body":{"Events":[{"FixtureId":1e999999999}]}}',
        "number",
    ),
    "a text that never ends, full of escapes": (lambda: b'{"a":"' + b"[" * 65 + b'\\"' * 5_000_000, "syntax"),
    "broken UTF-8": (lambda: b'{"Header":{"Type":"\xff"},"Extra":"\xff"}', "number"),
    "half of a surrogate pair": (lambda: b'{"Header":{"Type":1},"Body":[{"FixtureName":"\\ud800"}]}', "shape"),
    "a competition tree 10,000 deep": (lambda: nested_tree(10_000), "too_deep"),
}  # fmt: skip


def nested_tree(depth: int) -> bytes:
    return b'{"Header":{"Type":38},"Body":{"Competition":' + b'{"Id":1,"Competitions":[' * depth + b"]}" * depth + b"}}"


@contextmanager
def bounded() -> Iterator[None]:
    """What happens within takes no more than SECONDS and MEMORY."""
    tracemalloc.start()
    started = time.process_time()
    try:
        yield
        seconds, peak = time.process_time() - started, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seconds < SECONDS
    assert peak < MEMORY


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_in_bounded_time_and_memory(bomb: str) -> None:
    make, kind = BOMBS[bomb]
    message = make()
    with bounded(), pytest.raises(DecodeError) as refused:
        decode(message)

    assert refused.value.kind == kind
    assert len(refused.value.reason) < 300


@pytest.mark.parametrize("field", [{"Name": "x" * 10_000_000}, {"Price": "9" * 10**7}], ids=["name", "price"])
def test_a_field_of_10_mb_is_set_aside_in_bounded_time_and_memory(field: dict[str, str]) -> None:
    message = body(3, [{"FixtureId": 7, "Markets": [{"Id": 1, "Bets": [{"Id": 1, "Status": 1} | field]}]}])
    with bounded():
        (part,) = decode(message).set_aside

    assert len(part.sentence) < 300
    assert len(part.part) <= 500


def test_the_largest_message_allowed_is_read() -> None:
    heartbeat = b'{"Header":{"Type":32}}'

    assert decode(heartbeat, Limits(max_bytes=len(heartbeat))).heartbeat is not None
    with pytest.raises(DecodeError, match="the message has 22 bytes; at most 21 are read"):
        decode(heartbeat, Limits(max_bytes=21))


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_the_deepest_message_allowed_is_read(opening: bytes) -> None:
    closing = b"]" if opening == b"[" else b"}"

    assert decode(nested(19, opening, closing), Limits(max_depth=20)).heartbeat is not None
    with pytest.raises(DecodeError, match="deeper than 20 levels"):
        decode(nested(20, opening, closing), Limits(max_depth=20))


def test_the_deepest_xml_allowed_is_read() -> None:
    deep = HEARTBEAT + b"<a>" * 19 + b"</a>" * 19 + b"</Message>"

    assert decode(deep, Limits(max_depth=20)).heartbeat is not None
    with pytest.raises(DecodeError, match="deeper than 19 levels"):
        decode(deep, Limits(max_depth=19))


def test_brackets_within_texts_are_not_levels() -> None:
    names = [{"FixtureId": number, "FixtureName": "[" * 100 + '"{{'} for number in range(1, 101)]

    assert len(decode(body(1, {"Events": names})).events) == 100


def test_many_brackets_side_by_side_are_not_deep() -> None:
    assert len(decode(body(1, {"Events": [{"FixtureId": n} for n in range(1, 5001)]})).events) == 5000


def test_a_message_that_is_cut_off_is_called_that_and_not_deep() -> None:
    whole = body(1, {"Events": [{"FixtureId": n} for n in range(1, 200)]})

    with pytest.raises(DecodeError) as refused:
        decode(whole[:-3])

    assert refused.value.kind == "syntax"


def test_no_limit_at_all_still_ends_in_a_decode_error() -> None:
    boundless = Limits(max_bytes=10**9, max_depth=10**9, max_values=10**9)
    for message in (nested(200_000, b"[", b"]"), nested_tree(200_000), json.dumps(body(38, {}).decode()).encode()):
        with pytest.raises(DecodeError):
            decode(message, boundless)


def test_a_competition_tree_as_deep_as_allowed_is_read() -> None:
    message = decode(body(38, {"Competition": tree(25)}))

    assert [step.id for step in message.events[0].competitions or ()] == list(range(1, 26))
