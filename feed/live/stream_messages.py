"""What a program may say on its socket; what it is told, docs/asyncapi.yaml describes and a test compares."""

from typing import Any

import msgspec

MOST_BYTES = 512 * 1024
MOST_IDS = 5000
#: LSports' ids fit in 64 bits.
Id = int


class Since(msgspec.Struct, forbid_unknown_fields=True):
    """What a program has from before: the view it had it in, and the revision of each fixture."""

    view: str
    fixtures: dict[Id, int]


class Subscribe(msgspec.Struct, tag_field="op", tag="subscribe", forbid_unknown_fields=True):
    """From now on follow these fixtures, leagues and sports; none of them: all that the token opens.

    `markets`: of the prices only these markets. `contents`: "all", "scores" or "prices". A later one replaces it.
    """

    fixtures: list[Id] = []
    leagues: list[Id] = []
    sports: list[Id] = []
    markets: list[Id] | None = None
    contents: str = "all"
    since: Since | None = None


class Ack(msgspec.Struct, tag_field="op", tag="ack", forbid_unknown_fields=True):
    """All messages up to number `n` have been taken."""

    n: int


Said = Subscribe | Ack
_decoder = msgspec.json.Decoder(Said, strict=False)


def understood(text: str) -> Said:
    """What a program said; ValueError in words for a person where it cannot be meant."""
    try:
        said: Said = _decoder.decode(text)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from None
    if isinstance(said, Subscribe):
        check(said)
    return said


def check(said: Subscribe) -> None:
    ids = [*said.fixtures, *said.leagues, *said.sports, *(said.markets or [])]
    if len(ids) > MOST_IDS:
        raise ValueError(f"at most {MOST_IDS} ids may be named")
    ids += said.since.fixtures if said.since else []
    if any(not 0 <= each < 2**63 for each in ids):
        raise ValueError("an id is a whole number from 0 to 2^63 - 1")
    if said.contents not in ("all", "scores", "prices"):
        raise ValueError(f'contents is "all", "scores" or "prices", not {said.contents[:40]!r}')


def as_text(message: dict[str, Any]) -> str:
    return msgspec.json.encode(message).decode()
