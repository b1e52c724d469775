"""replay_feed: what it plays, what it says, what it refuses."""

import json
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from feed.models import FeedSource, Fixture, JournalEntry, RejectedMessage, Scoreboard
from feed.vouching.source_health import state_of
from tests.feed_messages import NOON, fixture, livescore

pytestmark = pytest.mark.django_db(transaction=True)


def recording(path: Path, *bodies: bytes, every: float = 1.0) -> Path:
    """A `.jsonl` recording that begins at noon, with a message each `every` seconds."""
    with path.open("w") as file:
        for number, body in enumerate(bodies):
            at = (NOON + timedelta(seconds=number * every)).isoformat()
            file.write(json.dumps({"received_at": at, "queue": "_123_", "body": body.decode()}) + "\n")
    return path


def replay(*arguments: object) -> str:
    output = StringIO()
    call_command("replay_feed", *map(str, arguments), stdout=output)
    return output.getvalue()


def test_it_stores_a_recording_and_reports(either_database: str, tmp_path: Path) -> None:
    path = recording(tmp_path / "match.jsonl", fixture(7), livescore(7, 1, 0, seconds=1), b"nonsense", fixture(8))
    lines = replay("--speed", "max", path).splitlines()
    assert re.fullmatch(r"4 messages of 2 fixtures in \d+\.\d s \([\d,]+/s\)", lines[0])
    assert lines[1] == "3 understood, 1 rejected"
    assert re.fullmatch(r"  1 x .+ \(first in _123_\)", lines[2])
    assert Scoreboard.objects.get(fixture_id=7).scores == {"1": "1", "2": "0"}
    assert RejectedMessage.objects.get().received_at == NOON + timedelta(seconds=2)


def test_what_was_received_then_stays_received_then(tmp_path: Path) -> None:
    replay("--speed", "max", recording(tmp_path / "match.jsonl", fixture(7)))
    assert Fixture.objects.get(pk=7).received_at == NOON


def test_playing_it_again_changes_nothing(either_database: str, tmp_path: Path) -> None:
    path = recording(tmp_path / "match.jsonl", fixture(7), *[livescore(7, n, 0, seconds=n) for n in range(5)])
    replay("--speed", "max", path)
    marks = (JournalEntry.Part.SOURCE, JournalEntry.Part.UNCHANGED)
    entries = JournalEntry.objects.exclude(part__in=marks)
    before = list(Fixture.objects.values()), list(Scoreboard.objects.values()), entries.count()
    replay("--speed", "max", path)
    assert (list(Fixture.objects.values()), list(Scoreboard.objects.values()), entries.count()) == before


def test_only_the_asked_time_is_played(tmp_path: Path) -> None:
    path = recording(tmp_path / "match.jsonl", *[fixture(number) for number in range(1, 6)])
    replay("--speed", "max", "--from", "2026-11-20T12:00:01", "--to", "2026-11-20T13:00:03+01:00", path)
    assert sorted(Fixture.objects.values_list("pk", flat=True)) == [2, 3]


def test_it_shows_its_progress_while_it_keeps_the_spacing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.management.commands.replay_feed.PROGRESS_SECONDS", 0.1)
    path = recording(tmp_path / "match.jsonl", fixture(1), fixture(2), every=5)
    lines = replay("--speed", "10", path).splitlines()
    assert any(line.startswith("1 messages (0 rejected), ") for line in lines)
    assert lines[-2].startswith("2 messages of 2 fixtures in 0.")


def test_its_source_is_a_recording_that_is_over_and_vouches_for_no_price(tmp_path: Path) -> None:
    replay("--speed", "max", "--source", "Friday", recording(tmp_path / "match.jsonl", fixture(7)))
    source = FeedSource.objects.get(name="Friday")
    health = state_of(source, datetime.now(UTC))
    assert source.kind == FeedSource.Kind.RECORDING
    assert (health.state, health.reason) == (FeedSource.State.DOWN, "The recording has ended.")
    assert Fixture.objects.get(pk=7).source == source


def test_it_does_not_play_into_a_live_feed(tmp_path: Path) -> None:
    FeedSource.objects.create(name="Meadow in-play", kind=FeedSource.Kind.QUEUE)
    with pytest.raises(CommandError, match="The source Meadow in-play is a live feed"):
        replay("--source", "Meadow in-play", recording(tmp_path / "match.jsonl", fixture(7)))
    assert not Fixture.objects.exists()


def test_a_file_that_breaks_on_the_way_ends_it_after_the_report(tmp_path: Path) -> None:
    whole = recording(tmp_path / "a.jsonl", fixture(7))
    broken = tmp_path / "b.jsonl.zst"
    broken.write_bytes(b"plain text, not packed")
    output = StringIO()
    with pytest.raises(CommandError, match=r"b\.jsonl\.zst: not a zstd file"):
        call_command("replay_feed", "--speed", "max", str(whole), str(broken), stdout=output)
    assert "1 messages of 1 fixtures" in output.getvalue()
    assert Fixture.objects.filter(pk=7).exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nowhere.json"], r"nowhere\.json: there is no such file"),
        (["--speed", "0", "x.json"], "'0' is neither a number above 0 nor max"),
        (["--speed", "nan", "x.json"], "'nan' is neither"),
        (["--speed", "fast", "x.json"], "'fast' is neither"),
        (["--from", "yesterday", "x.json"], "'yesterday' is not a time such as"),
        ([], "the following arguments are required: PATH"),
    ],
)
def test_wrong_arguments_are_refused_in_plain_words(arguments: list[str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        replay(*arguments)


@pytest.mark.samples
def test_the_samples_are_on_the_board_afterwards(samples: Path) -> None:
    report = replay("--speed", "max", *sorted(samples.glob("type0[123]_*.json")), *samples.glob("type35_*.json"))
    assert "0 rejected" in report
    assert Fixture.objects.filter(pk__gt=0).count() > 5
    assert Scoreboard.objects.exists()
