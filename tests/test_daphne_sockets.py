"""How frames leave Daphne here: built once for all sockets, written at once, and never out of order."""

from collections import deque
from types import SimpleNamespace
from typing import Any

import pytest
from twisted.internet.tcp import Connection

from livescore_site import daphne_sockets
from livescore_site.daphne_sockets import prepared, send_data


class Narrow(Connection):
    """A connection that takes so many bytes."""

    connected, disconnecting, TLS = True, False, False

    def __init__(self, room: int) -> None:
        self.room = room
        self.dataBuffer, self._tempDataBuffer = b"", []
        self.taken = b""

    def writeSomeData(self, data: bytes) -> int | Exception:
        if self.room < 0:
            return ConnectionResetError()
        taken = data[: self.room]
        self.taken += taken
        return len(taken)


@pytest.fixture
def twisteds_way(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was left to Twisted."""
    left: list[bytes] = []
    monkeypatch.setattr(daphne_sockets, "_send_data", lambda protocol, data, sync, chopsize: left.append(data))
    return left


def protocol(transport: Any) -> Any:
    return SimpleNamespace(transport=transport, send_queue=deque())


@pytest.mark.parametrize(
    ("room", "taken", "left"), [(9, b"frame", []), (3, b"fra", [b"me"]), (0, b"", [b"frame"]), (-1, b"", [b"frame"])]
)
def test_a_socket_is_written_what_it_takes_and_twisted_gets_the_rest(
    room: int, taken: bytes, left: list[bytes], twisteds_way: list[bytes]
):
    narrow = Narrow(room)
    send_data(protocol(narrow), b"frame")
    assert (narrow.taken, twisteds_way) == (taken, left)


@pytest.mark.parametrize(
    "state", [{"dataBuffer": b"earlier"}, {"_tempDataBuffer": [b"earlier"]}, {"disconnecting": True}, {"TLS": True}]
)
def test_a_frame_does_not_overtake_what_waits_and_goes_by_tls_where_there_is_tls(
    state: dict[str, Any], twisteds_way: list[bytes]
):
    narrow = Narrow(9)
    vars(narrow).update(state)
    send_data(protocol(narrow), b"frame")
    assert (narrow.taken, twisteds_way) == (b"", [b"frame"])


def test_another_kind_of_transport_is_left_to_twisted(twisteds_way: list[bytes]):
    send_data(protocol(SimpleNamespace()), b"frame")
    assert twisteds_way == [b"frame"]


def test_a_text_for_many_is_made_a_frame_once():
    text = "ä" * 100
    assert prepared(text) is prepared(text)
    assert prepared(text).payloadHybi == b"\x81\x7e\x00\xc8" + text.encode()
