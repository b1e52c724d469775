"""Inputs for fuzzing: whole messages of every dialect, each damaged in a few places."""

import json
import re
from pathlib import Path
from random import Random

INVENTED = Path(__file__).with_name("invented")
SAMPLES = Path(__file__).resolve().parent.parent.parent / "shared" / "samples"
#: Most inputs are one step away from a real message; some are far.
STEPS = (1, 1, 1, 1, 2, 2, 5)

#: JSON values that are put in the place of others.
NASTY = [
    *rb"""
    null true false "" [] {} [[]] [null] {"Id":null} 0 -1 -0 1.0 1e5 1e400 1e-400 1E+999999 9223372036854775807
    9223372036854775808 -9223372036854775809 18446744073709551616 253402300799 253402300800999 1e12 1699999999
    "NaN" "Infinity" "-Infinity" "sNaN" "1e999" "1E-999" "1,5" "1_0" "+1" "007" "1.0" "true" "null"
    "999999999999.9999999" "-1000000000000" "9223372036854775808"
    "0000-01-01T00:00:00Z" "0001-01-01T00:00:00" "0001-01-01T00:00:00+14:00"
    "9999-12-31T23:59:59.9999999Z" "9999-12-31T23:59:59-12:00" "2025-02-30" "2025-08-03T07:56" "2025-08-03T24:00:00Z"
    "20250803" "2025-W01-1" "\u0000" "a\u0000b" "\ud83d\ude00" [1,2,3] [{"Id":1}] [{"Id":1},{"Id":1}] {"FixtureId":7}
    "Score" "Cancelled" "Statistic" 60 61 80 100 999 "40" "A"
    """.split(),
    *(b'" 2 "', b'"\xd9\xa1"', b"1" * 40, b"1" * 4301, b"0." + b"3" * 60, b'"' + b"9" * 5000 + b'"'),
    *(b'"' + b"[" * 70 + b'"', b'"' + b"x" * 70_000 + b'"', b"[" * 70 + b"]" * 70, b'{"a":' * 70 + b"1" + b"}" * 70),
]
#: Pieces that are put between any two bytes, and mostly break the message.
PIECES = [
    *rb"""
    < > </ /> & &amp; &lol; &#0; &#x1F600; &#xD800; <![CDATA[x]]> <!-- <a/> Id="" xmlns='x' " \ { } [ ] , :
    "Header": "header": "Body": "Message": "Events": "Competition": "Providers": "Type": NaN Infinity 'x' 01 .5 5. 0x10
    "\ud800" "\udc00\ud800" "\x" <?xml
    """.split(),
    *(b" ", b"\n", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"<a>" * 70, b"<!DOCTYPE x [<!ENTITY a 'b'>]>"),
]
VALUE = re.compile(rb'(?<=[:\[,])\s*(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)(?=\s*[,\]}])')
ATTRIBUTE = re.compile(rb'(?<==)"[^"]*"')


def seeds(samples: Path = SAMPLES) -> list[bytes]:
    """A message of each sort, and LSports' samples where they are at hand, all of them whole."""
    found = [*INVENTED.with_suffix(".jsonl").read_bytes().splitlines(), INVENTED.with_suffix(".xml").read_bytes()]
    if samples.is_dir():
        found += [whole(path.read_bytes()) for path in sorted(samples.glob("*.*")) if path.suffix in (".json", ".xml")]
    return found


def whole(body: bytes) -> bytes:
    """A whole message around a sample that may be a piece of one; without blanks, so that damage hits something."""
    if body.lstrip()[:1] == b"<":
        return whole_xml(body.strip().replace(b" & ", b" &amp; ").replace(b"> <", b"><"))
    plain = json.loads(body)
    has_header = "header" in str(plain)[:40].lower()
    return json.dumps(plain if has_header else {"Header": {"Type": 36}, "Body": plain}, separators=(",", ":")).encode()


def whole_xml(body: bytes) -> bytes:
    if body.startswith(b"<Message"):
        return body
    if not body.startswith((b"<Competition", b"<KeepAlive")):
        body = b'<Events><Event FixtureId="7">' + body + b"</Event></Events>"
    kind = b"31" if b"<KeepAlive" in body else b"36"
    return b"<Message><Header><Type>" + kind + b"</Type></Header><Body>" + body + b"</Body></Message>"


def mutated(random: Random, corpus: list[bytes]) -> bytes:
    """A message of the corpus, damaged in one or more steps."""
    body = random.choice(corpus)
    for _ in range(random.choice(STEPS)):
        body = random.choice(HARM)(random, body, corpus)
    return body


def replace_value(random: Random, body: bytes, corpus: list[bytes]) -> bytes:
    """Replace a value by a nasty one: such messages get furthest in the decoder, so this is done most often."""
    is_xml = body[:1] == b"<"
    found = any_match(random, ATTRIBUTE if is_xml else VALUE, body)
    value = random.choice(NASTY)
    if is_xml:
        value = b'"' + value.strip(b'"').replace(b'"', b"") + b'"'
    return body[: found.start()] + value + body[found.end() :] if found else body


def swap_values(random: Random, body: bytes, corpus: list[bytes]) -> bytes:
    """Replace a value by one from a message of the corpus."""
    found, other = any_match(random, VALUE, body), any_match(random, VALUE, random.choice(corpus))
    return body[: found.start()] + other.group() + body[found.end() :] if found and other else body


def any_match(random: Random, pattern: re.Pattern[bytes], body: bytes) -> re.Match[bytes] | None:
    """The first match after a random place."""
    return pattern.search(body, random.randrange(len(body) + 1))


def flip_byte(random: Random, body: bytes, corpus: list[bytes]) -> bytes:
    place = random.randrange(len(body) + 1)
    return body[:place] + bytes([random.randrange(256)]) + body[place + 1 :]


def cut(random: Random, body: bytes, corpus: list[bytes]) -> bytes:
    start, end = sorted(random.randrange(len(body) + 1) for _ in range(2))
    return body[:start] + body[min(end, start + random.randrange(1, 60)) :]


def insert(random: Random, body: bytes, corpus: list[bytes]) -> bytes:
    place = random.randrange(len(body) + 1)
    return body[:place] + random.choice(PIECES) + body[place:]


def repeat(random: Random, body: bytes, corpus: list[bytes]) -> bytes:
    start = random.randrange(len(body) + 1)
    part = body[start : start + random.randrange(1, 200)]
    return body[:start] + part * random.randrange(2, 4) + body[start + len(part) :]


def splice(random: Random, body: bytes, corpus: list[bytes]) -> bytes:
    other = random.choice(corpus)
    return body[: random.randrange(len(body) + 1)] + other[random.randrange(len(other)) :]


HARM = [*[replace_value] * 8, *[swap_values] * 4, flip_byte, flip_byte, cut, insert, insert, repeat, splice]
