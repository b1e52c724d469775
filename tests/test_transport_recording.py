"""Recordings: what files hold, at which pace they are played, what is said of a bad one."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zstandard

from feed.transport import Delivery, TransportClosed
from feed.transport.recording import Recording

BEGIN = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
HEARTBEAT = b'{"Header":{"Type":32}}'


def line(seconds: float = 0, **fields: object) -> str:
    at = (BEGIN + timedelta(seconds=seconds)).isoformat()
    return json.dumps({"received_at": at, "body": f"at {seconds}", **fields}) + "\n"


def played(*paths: Path, **options: object) -> list[Delivery]:
    recording = Recording(paths, **{"speed": None, **options})  # type: ignore[arg-type]
    return [delivery for delivery in recording if delivery is not None]


def bodies(*paths: Path, **options: object) -> list[bytes]:
    return [delivery.body for delivery in played(*paths, **options)]


def test_a_json_file_is_one_message(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_bytes(HEARTBEAT)
    before = datetime.now(UTC)
    (delivery,) = played(path)
    assert delivery.body == HEARTBEAT
    assert before <= delivery.received_at <= datetime.now(UTC)
    assert delivery.queue == "one.json"


def test_an_xml_file_is_one_message(tmp_path: Path) -> None:
    path = tmp_path / "one.xml"
    path.write_text("<Message>\n</Message>\n")
    assert bodies(path) == [b"<Message>\n</Message>\n"]


def test_a_json_array_of_messages_is_taken_apart_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "two.json"
    path.write_text('[{"Header": {"Type": 32}, "x": 1.50},\n {"header":{"MessageType":1}}]')
    assert bodies(path) == [b'{"Header": {"Type": 32}, "x": 1.50}', b'{"header":{"MessageType":1}}']


@pytest.mark.parametrize("content", ['[{"Header": {"Type": 38}}]', '[{"Id": 1}, {"Id": 2}]', "[1, 2]", "[", "[" * 9999])
def test_any_other_json_is_left_whole(tmp_path: Path, content: str) -> None:
    path = tmp_path / "whole.json"
    path.write_text(content)
    assert bodies(path) == [content.encode()]


def test_a_line_brings_its_time_queue_and_headers(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text(line(1.5, queue="_123_", headers={"MessageType": "32"}))
    (delivery,) = played(path)
    assert delivery.body == b"at 1.5"
    assert delivery.received_at == BEGIN + timedelta(seconds=1.5)
    assert (delivery.queue, delivery.headers) == ("_123_", {"MessageType": "32"})


def test_a_body_that_is_no_text_comes_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text('{"body_base64": "/wA="}\n')
    assert bodies(path) == [b"\xff\x00"]


@pytest.mark.parametrize(
    "bare",
    [
        '{"Header":{"Type":32}}',
        '{"header":{"MessageType":1},"body":{"fixtureId":7}}',
        '{"body_base64": "not base64!"}',
        "no json at all",
        "[1]",
    ],
)
def test_any_other_line_is_itself_the_message(tmp_path: Path, bare: str) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text(f"\n{bare}\n\n")
    assert bodies(path) == [bare.encode()]


def test_a_time_without_a_zone_is_utc(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text('{"received_at": "2026-11-20T18:00:00", "body": ""}\n')
    assert played(path)[0].received_at == BEGIN


@pytest.mark.parametrize("name", ["feed.jsonl", "feed.json", "feed.xml"])
def test_a_packed_file_is_unpacked(tmp_path: Path, name: str) -> None:
    plain, packed = tmp_path / name, tmp_path / f"{name}.zst"
    plain.write_text(line(1))
    packed.write_bytes(zstandard.compress(plain.read_bytes()))
    assert bodies(packed) == bodies(plain)


def test_a_packed_file_may_have_many_frames(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl.zst"
    path.write_bytes(b"".join(zstandard.compress(line(n).encode()) for n in range(3)))
    assert bodies(path) == [b"at 0", b"at 1", b"at 2"]


def test_a_line_that_was_cut_off_is_left_out_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text(line(0) + line(1)[:-9])
    assert bodies(path) == [b"at 0"]
    assert "ends in the middle of a line" in caplog.text


def test_a_last_line_without_its_end_counts_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text(line(0) + line(1).rstrip())
    assert bodies(path) == [b"at 0", b"at 1"]


def test_files_are_played_one_after_the_other_and_a_folder_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "recorded"
    folder.mkdir()
    (folder / "b.jsonl").write_text(line(2))
    (folder / "a.jsonl").write_text(line(1))
    (folder / "notes.txt").write_text("not played")
    last = tmp_path / "last.json"
    last.write_bytes(HEARTBEAT)
    assert bodies(folder, last) == [b"at 1", b"at 2", HEARTBEAT]


def test_tags_grow(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text(line(0) + line(1))
    assert [delivery.tag for delivery in played(path)] == [1, 2]


def test_only_the_asked_time_is_played(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text("".join(line(n) for n in range(5)) + HEARTBEAT.decode() + "\n")
    begin, end = BEGIN + timedelta(seconds=1), BEGIN + timedelta(seconds=3)
    assert bodies(path, begin=begin, end=end) == [b"at 1", b"at 2"]
    assert bodies(path, begin=end) == [b"at 3", b"at 4"]


def test_spacing_is_kept_and_scaled(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text(line(0) + line(2) + line(4))
    began = time.monotonic()
    took = [time.monotonic() - began for delivery in Recording([path], speed=20) if delivery is not None]
    assert took[1] == pytest.approx(0.1, abs=0.05)
    assert took[2] == pytest.approx(0.2, abs=0.05)


def test_it_yields_none_while_the_next_message_is_not_due(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text(line(0) + line(1))
    assert [delivery is None for delivery in Recording([path], speed=20)] == [False, True, False]


def test_it_ends_when_it_is_closed_in_a_long_pause(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text(line(0) + line(3600))
    recording = Recording([path])
    seen = []
    for delivery in recording:
        seen.append(delivery)
        if delivery is None:
            recording.close()
    assert [delivery is None for delivery in seen] == [False, True]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("gone.json", None, "there is no such file"),
        ("picture.png", b"", "not a recording; its name must end in .json, .xml, .jsonl"),
        ("feed.jsonl.zst", b"plain text, not packed", "not a zstd file"),
    ],
)
def test_a_bad_file_is_refused_in_plain_words(tmp_path: Path, name: str, content: bytes | None, reason: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TransportClosed, match=reason):
        played(path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TransportClosed, match="there is no recording in this folder"):
        played(tmp_path)
