"""record_feed: from a queue to files, acknowledged once they can be read."""

from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from feed.management.commands import record_feed
from feed.transport.recorder import RecordingWriter
from feed.transport.recording import Recording
from tests.broker import Broker
from tests.feed_messages import ListTransport


@pytest.fixture
def broker(amqp_url: str) -> Iterator[Broker]:
    with closing(Broker(amqp_url)) as broker:
        yield broker


@pytest.mark.rabbitmq
def test_what_waits_is_in_the_files_and_no_longer_in_the_queue(broker: Broker, tmp_path: Path) -> None:
    bodies = [b"message %d" % number for number in range(500)]
    broker.publish(*bodies, headers={"MessageType": "3"})
    output = StringIO()
    folder = tmp_path / "new" / "folder"
    call_command(
        "record_feed", str(folder), "--url", broker.url, "--queue", broker.queue, "--seconds", "1", stdout=output
    )
    assert output.getvalue().endswith(f"500 messages recorded in {folder}\n")
    recorded = [one for one in Recording([folder], speed=None) if one is not None]
    assert [one.body for one in recorded] == bodies
    assert {(one.queue, one.headers["MessageType"]) for one in recorded} == {(broker.queue, "3")}
    assert broker.depth() == 0


def test_what_the_disk_does_not_take_stays_in_the_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("feed.transport.recorder.new_file", no_space)
    transport = ListTransport([b"1", None])
    with closing(RecordingWriter(tmp_path)) as writer, pytest.raises(CommandError, match="stays in the queue"):
        record_feed.Record(transport, writer, None).run(print)
    assert transport.acked == []


def test_it_stops_after_the_batch_in_hand(tmp_path: Path) -> None:
    transport = ListTransport([b"1", b"2", None, b"3"])
    with closing(RecordingWriter(tmp_path)) as writer:
        record = record_feed.Record(transport, writer, None)
        record.stop()
        record.run(print)
    assert transport.acked == [2]


def test_it_shows_its_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_feed, "PROGRESS_SECONDS", 0)
    lines: list[str] = []
    with closing(RecordingWriter(tmp_path)) as writer:
        record_feed.Record(ListTransport([b"1", None, b"2", None]), writer, None).run(lines.append)
    assert lines == ["1 messages recorded", "2 messages recorded"]


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match=r"file/folder: Not a directory"):
        call_command("record_feed", str(tmp_path / "file" / "folder"), "--url", "amqp://h/", "--queue", "_1_")


def test_a_missing_queue_is_one_plain_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No queue to take from: set AMQP_URL and AMQP_QUEUE"):
        call_command("record_feed", str(tmp_path))
