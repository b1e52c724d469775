"""What a program may send on its socket. docs/asyncapi.yaml describes what it receives; a test compares the two."""

import msgspec

MOST_BYTES = 512 * 1024
MOST_IDS = 5000
#: LSports' ids fit in 64 bits.
Id = int


class Since(msgspec.Struct, forbid_unknown_fields=True):
    """What a program still has from before: its view, and its revision of each fixture.

    `vouching` is the field of that name in its state of each fixture.
    """

    view: str
    fixtures: dict[Id, int]
    vouching: dict[Id, str] = {}

    @property
    def versions(self) -> dict[int, str]:
        """The version that it has of each fixture."""
        return {pk: f"{revision} {self.vouching.get(pk, '')}".strip() for pk, revision in self.fixtures.items()}


class Subscribe(msgspec.Struct, tag_field="op", tag="subscribe", forbid_unknown_fields=True):
    """From now on follow these fixtures, leagues and sports; if none are named, all that the token opens.

    `markets`: prices of these only. `contents`: "all", "scores" or "prices". A later subscription replaces this one.
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


FromProgram = Subscribe | Ack
_decoder = msgspec.json.Decoder(FromProgram, strict=False)


def parse_message(text: str) -> FromProgram:
    """A program's message; ValueError in words for a person where it is not valid."""
    try:
        message: FromProgram = _decoder.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from None
    if isinstance(message, Subscribe):
        check(message)
    return message


def check(message: Subscribe) -> None:
    ids = [*message.fixtures, *message.leagues, *message.sports, *(message.markets or [])]
    if len(ids) > MOST_IDS:
        raise ValueError(f"at most {MOST_IDS} ids may be named")
    ids += message.since.fixtures if message.since else []
    if any(not 0 <= pk < 2**63 for pk in ids):
        raise ValueError("an id is a whole number from 0 to 2^63 - 1")
    if message.contents not in ("all", "scores", "prices"):
        raise ValueError(f'contents is "all", "scores" or "prices", not {message.contents[:40]!r}')


def number_of_ids(message: Subscribe) -> int:
    """How many ids a subscription names; the fixtures in `since` count a tenth."""
    named = len(message.fixtures) + len(message.leagues) + len(message.sports) + len(message.markets or ())
    return named + (len(message.since.fixtures) // 10 if message.since else 0)
