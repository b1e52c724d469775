"""Recording what arrives: whole, in order, in files that rotate and survive a crash."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.transport import Delivery
from feed.transport import recorder as recorder_module
from feed.transport.recorded import read_line
from feed.transport.recorder import RecordedFirst, RecordingWriter, Tap, as_line
from feed.transport.recording import Recording
from tests.feed_messages import ListTransport
from tests.polling import poll

BEGIN = datetime(2026, 11, 20, 18, 59, 58, tzinfo=UTC)


def delivery(number: int, body: bytes | None = None, *, seconds: float = 0) -> Delivery:
    at = BEGIN + timedelta(seconds=seconds)
    return Delivery(body=body or f"message {number}".encode(), received_at=at, tag=number, queue="_123_")


def recorded(folder: Path) -> list[bytes]:
    return [one.body for one in Recording([folder], speed=None) if one is not None]


def test_what_was_written_is_played_again_as_it_came(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path)
    written = [delivery(1), delivery(2, b"\xff\x00\xfe"), delivery(3, "Göteborg\n".encode(), seconds=0.25)]
    for one in written:
        writer.write(one)
    writer.close()
    assert list(Recording([tmp_path], speed=None)) == written


@given(st.binary(), st.dictionaries(st.text(), st.text()), st.datetimes(timezones=st.just(UTC)), st.text())
def test_a_line_says_all_of_a_delivery(body: bytes, headers: dict[str, str], at: datetime, queue: str) -> None:
    line = as_line(Delivery(body=body, received_at=at, headers=headers, queue=queue))
    assert line.count(b"\n") == 1
    again = read_line(line.strip(), "feed.jsonl")
    assert (again.body, again.received_at, again.headers, again.queue) == (body, at, headers, queue)


def test_a_new_hour_begins_a_new_file(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path)
    writer.write(delivery(1))
    writer.flush()
    writer.write(delivery(2, seconds=2))
    writer.close()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["feed-20261120T185958Z-01.jsonl.zst", "feed-20261120T190000Z-01.jsonl.zst"]
    assert recorded(tmp_path) == [b"message 1", b"message 2"]


def test_a_full_file_is_followed_by_the_next_in_order(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path, most_bytes=2000)
    bodies = [os.urandom(1500) for _ in range(12)]
    for number, body in enumerate(bodies):
        writer.write(delivery(number, body))
        writer.flush()
    writer.close()
    assert len(list(tmp_path.iterdir())) == 6
    assert recorded(tmp_path) == bodies


def test_it_never_writes_over_a_file_that_is_there(tmp_path: Path) -> None:
    for number in (1, 2):
        writer = RecordingWriter(tmp_path)
        writer.write(delivery(number))
        writer.close()
    assert recorded(tmp_path) == [b"message 1", b"message 2"]


def test_what_was_flushed_can_be_read_while_the_file_is_open(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path)
    writer.write(delivery(1))
    writer.flush()
    assert recorded(tmp_path) == [b"message 1"]
    writer.close()


def test_what_came_a_second_ago_survives_a_kill(tmp_path: Path) -> None:
    program = """if True:
        import sys, time
        from datetime import UTC, datetime
        from pathlib import Path
        from feed.transport import Delivery
        from feed.transport.recorder import RecordingWriter
        writer = RecordingWriter(Path(sys.argv[1]))
        for number in range(1000):
            writer.write(Delivery(body=b"message %d" % number, received_at=datetime.now(UTC)))
        print("written", flush=True)
        time.sleep(60)
    """
    process = subprocess.Popen([sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not (any(tmp_path.iterdir()) and len(recorded(tmp_path)) == 1000):
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert recorded(tmp_path) == [b"message %d" % number for number in range(1000)]


def test_a_bad_disk_costs_the_recording_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_space(*args: object) -> None:
        raise OSError(28, "No space left on device")

    writer = RecordingWriter(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(recorder_module, "new_file", no_space)
        writer.write(delivery(1))
        writer.flush()
    writer.write(delivery(2))
    writer.close()
    assert writer.lost == 1
    assert caplog.text.count("No space left on device") == 1
    assert recorded(tmp_path) == [b"message 2"]


def test_a_slow_disk_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder_module, "MOST_WAITING", 0)
    writer = RecordingWriter(tmp_path)
    writer.write(delivery(1))
    writer.close()
    assert writer.lost == 1


def test_a_tap_passes_everything_on(tmp_path: Path) -> None:
    source = tmp_path / "source.jsonl"
    source.write_text('{"Header":{"Type":32}}\n' * 3)
    writer = RecordingWriter(tmp_path / "copy")
    tap = Tap(Recording([source], speed=None), writer)
    seen = [one.body for one in tap if one is not None]
    writer.close()
    assert seen == recorded(tmp_path / "copy") == [b'{"Header":{"Type":32}}'] * 3


class TestRecordedFirst:
    """With it a message is acknowledged once it is stored and recorded."""

    @pytest.fixture
    def disk(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[RecordingWriter, list[str]]]:
        """A writer, and the faults of its disk: it takes nothing as long as there are any."""
        faults: list[str] = []
        write = RecordingWriter.write_chunk

        def write_chunk(writer: RecordingWriter, *given: Any, **options: Any) -> None:
            if faults:
                raise OSError(28, faults[0])
            write(writer, *given, **options)

        monkeypatch.setattr(RecordingWriter, "write_chunk", write_chunk)
        monkeypatch.setattr(recorder_module, "AGAIN_SECONDS", 0.01)
        monkeypatch.setattr(recorder_module, "CLOSE_SECONDS", 0.1)
        writer = RecordingWriter(tmp_path, must_have_all=True)
        yield writer, faults
        writer.close()

    def test_it_waits_for_a_full_disk_and_loses_nothing(
        self, disk: tuple[RecordingWriter, list[str]], tmp_path: Path
    ) -> None:
        writer, faults = disk
        faults.append("No space left on device")
        transport = ListTransport([b"one", b"two", None, b"three", None])
        tap = RecordedFirst(transport, writer)
        passing = iter(tap)
        deliveries = [next(passing) for _ in range(3)]
        assert deliveries[1] is not None
        tap.ack(deliveries[1])
        poll(lambda: tap.trouble == "The recording cannot be written: No space left on device.")
        assert transport.acked == []
        faults.clear()
        poll(lambda: writer.written == 2)
        third = next(passing)
        assert (transport.acked, tap.trouble) == ([2], "")
        assert third is not None
        tap.ack(third)
        tap.close()
        assert transport.acked == [2, 4]
        assert recorded(tmp_path) == [b"one", b"two", b"three"]

    def test_what_is_recorded_and_not_stored_is_not_acknowledged(self, disk: tuple[RecordingWriter, list[str]]) -> None:
        writer, _ = disk
        transport = ListTransport([b"one", b"two"])
        tap = RecordedFirst(transport, writer)
        first, _second = tap
        assert first is not None
        tap.ack(first)
        tap.close()
        assert transport.acked == [1]

    def test_it_ends_though_the_disk_is_full(self, disk: tuple[RecordingWriter, list[str]]) -> None:
        writer, faults = disk
        faults.append("No space left on device")
        transport = ListTransport([b"one"])
        tap = RecordedFirst(transport, writer)
        (only,) = tap
        assert only is not None
        tap.ack(only)
        tap.close()
        writer.close()
        assert (transport.acked, transport.is_closed, writer.lost) == ([], True, 1)
