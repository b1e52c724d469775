"""`manage.py inspect_message`: what a message is, or why it is rejected."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import zstandard
from django.core.management import call_command
from django.core.management.base import CommandError

from .wire_messages import body

ROOT = Path(__file__).resolve().parent.parent
MARKETS = [{"Id": 1, "Name": "1X2", "Bets": [{"Id": 9, "Status": 77}], "Providers": [{"Id": 8, "Bets": [{"Id": 1}]}]}]
MARKET = body(3, {"Events": [{"FixtureId": 7, "Markets": MARKETS}]}, MsgSeq=16)
HEARTBEAT = body(32)


@pytest.fixture
def market(tmp_path: Path) -> Path:
    path = tmp_path / "market.json"
    path.write_bytes(MARKET)
    return path


def shown(capsys: pytest.CaptureFixture[str], *args: object) -> str:
    call_command("inspect_message", *map(str, args))
    return capsys.readouterr().out


def objects(capsys: pytest.CaptureFixture[str], *args: object) -> list[dict[str, Any]]:
    return [json.loads(line) for line in shown(capsys, "--json", *args).splitlines()]


def test_a_program_gets_one_object_a_line(market: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert objects(capsys, market) == [
        {
            "source": str(market),
            "understood": True,
            "reason": None,
            "dialect": "oddservice",
            "type": 3,
            "sequence": 16,
            "fixtures": [7],
            "counts": {
                "fixtures": 1,
                "participants": 0,
                "periods": 0,
                "incidents": 0,
                "statistics": 0,
                "markets": 1,
                "providers": 1,
                "bets": 2,
            },
            "unknown": [{"kind": "bet status", "code": 77, "sport_id": 0, "fixture_id": 7}],
            "set_aside": [],
            "not_read": [],
        }
    ]


def test_a_name_that_stands_twice_in_one_object_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "twice.json"
    path.write_bytes(MARKET.replace(b'"Id": 1,', b'"Id": 1, "Price": "9", "Name": "X", "Id": 1,', 1))

    assert objects(capsys, path)[0]["not_read"] == ["Name of the same object twice", "Market.Price"]
    assert "not read: Name of the same object twice, Market.Price" in shown(capsys, path)


def test_people_get_a_table(market: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heading, row, unknown, total = shown(capsys, market).splitlines()

    assert heading.split() == ["dialect", "type", "seq", "fixtures", "holds"]
    assert row.split() == f"{market} oddservice 3 Market 16 7 1 fixture, 1 market, 1 provider, 2 bets".split()
    assert unknown.strip() == "without a name: bet status 77"
    assert total == "1 read, 1 understood, 0 rejected"


def test_a_rejected_message_is_shown_with_its_reason_and_the_others_go_on(
    market: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_text("<Message><Header>")

    with pytest.raises(SystemExit) as ended:
        call_command("inspect_message", str(broken), str(market))

    _, rejected, row, *_, total = capsys.readouterr().out.splitlines()
    assert ended.value.code == 1
    assert rejected.startswith(str(broken))
    assert "REJECTED    the message is not well-formed XML" in rejected
    assert row.startswith(str(market))
    assert total == "2 read, 1 understood, 1 rejected"


def test_a_program_gets_the_reason_and_counts_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{}")

    with pytest.raises(SystemExit) as ended:
        call_command("inspect_message", "--json", str(broken))

    finding = json.loads(capsys.readouterr().out)
    assert ended.value.code == 1
    assert (finding["understood"], finding["type"], finding["fixtures"]) == (False, None, [])
    assert finding["reason"] == "the message has no Header; it has nothing"
    assert set(finding["counts"].values()) == {0}


def test_a_piece_of_a_message_is_understood(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    piece = tmp_path / "piece.xml"
    piece.write_text("<Livescore><Scoreboard Status='2'/></Livescore>")

    (finding,) = objects(capsys, piece)

    assert (finding["dialect"], finding["type"], finding["fixtures"]) == ("xml", 2, [])
    assert finding["counts"]["fixtures"] == 1


def test_a_keep_alive_is_about_the_fixtures_that_it_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "alive"
    path.write_bytes(body(31, {"KeepAlive": {"ActiveEvents": [3, 4, 3, 5, 6]}}))

    (finding,) = objects(capsys, path)

    assert finding["fixtures"] == [3, 4, 5, 6]
    assert "3, 4, 5 ..." in shown(capsys, path)


def test_a_recording_is_read_message_by_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = tmp_path / "evening.jsonl.zst"
    lines = b"".join(json.dumps({"body": body.decode()}).encode() + b"\n" for body in (MARKET, HEARTBEAT))
    recording.write_bytes(zstandard.compress(lines))

    found = objects(capsys, recording)

    assert [(report["source"], report["type"]) for report in found] == [(str(recording), 3), (f"{recording}:2", 32)]


def test_a_folder_stands_for_all_that_is_in_it(market: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (market.parent / "another.json").write_bytes(HEARTBEAT)

    assert [report["type"] for report in objects(capsys, market.parent)] == [32, 3]


def test_a_dash_is_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(HEARTBEAT)))

    assert [(report["source"], report["type"]) for report in objects(capsys, "-")] == [("-", 32)]


def test_the_limits_are_the_desks(market: Path, settings: Any) -> None:
    settings.WIRE_MAX_BYTES = 10

    with pytest.raises(SystemExit):
        call_command("inspect_message", str(market))


def test_a_missing_file_is_a_plain_line_before_anything_is_shown(
    market: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError) as ended:
        call_command("inspect_message", str(market), str(tmp_path / "none.json"))

    assert str(ended.value) == f"{tmp_path / 'none.json'}: there is no such file"
    assert ended.value.returncode == 2
    assert capsys.readouterr().out == ""


def test_a_file_that_is_no_recording_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json.zst"
    broken.write_bytes(b"no zstd")

    with pytest.raises(CommandError, match="not a zstd file") as ended:
        call_command("inspect_message", str(broken))

    assert ended.value.returncode == 2


def run(*args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "manage.py", "inspect_message", *args]
    return subprocess.run(command, cwd=ROOT, input=stdin, capture_output=True, timeout=60, check=False)


def test_the_command_ends_with_0_1_or_2_and_never_with_a_traceback() -> None:
    understood, rejected, missing = run("-", stdin=HEARTBEAT), run("-", stdin=b"?"), run("no-such-file")

    assert [process.returncode for process in (understood, rejected, missing)] == [0, 1, 2]
    assert understood.stderr == rejected.stderr == b""
    assert missing.stderr == b"CommandError: no-such-file: there is no such file\n"
