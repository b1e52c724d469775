"""A new message type of LSports needs its number, its name and what it is about: it is then read and stored."""

import json
from decimal import Decimal

import pytest

from feed.models import Bet, Fixture
from feed.store import Received, store_batch
from feed.wire import DecodeError, assemble, decode
from feed.wire.messages import FixtureKind
from tests.received import a_source, at

NUMBER = 44
BODY = {
    "Header": {"Type": NUMBER, "MsgSeq": 1, "ServerTimestamp": int(at(0).timestamp() * 1000)},
    "Body": {
        "Events": [
            {
                "FixtureId": 7,
                "Markets": [
                    {
                        "Id": 274,
                        "Name": "Winner",
                        "Bets": [{"Id": 1, "Name": "Harbour Town", "Status": 1, "Price": "2.5"}],
                    }
                ],
            }
        ]
    },
}


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps 1 and 2 of the checklist."""
    monkeypatch.setattr(assemble, "READ", assemble.READ | {NUMBER})
    monkeypatch.setitem(assemble.KIND_OF_TYPE, NUMBER, FixtureKind.OUTRIGHT)


def test_before_it_is_known_it_is_refused_by_its_number():
    with pytest.raises(DecodeError, match="messages of type 44"):
        decode(json.dumps(BODY).encode())


def test_it_is_read_as_what_it_is_about(known: None):
    message = decode(json.dumps(BODY).encode())
    assert (message.header.type, message.events[0].kind) == (NUMBER, FixtureKind.OUTRIGHT)


@pytest.mark.usefixtures("either_database")
def test_it_is_stored(known: None):
    store_batch(a_source(), [Received(message=decode(json.dumps(BODY).encode()), received_at=at(1))])
    assert Fixture.objects.get().kind == Fixture.Kind.OUTRIGHT
    assert Bet.objects.get().price == Decimal("2.5")
