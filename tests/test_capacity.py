"""What is left of disk, cores and connections, from two samples of a desk's own counters."""

import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from livescore_site.capacity.arithmetic import GIGABYTE, Sample, Stock, rooms
from livescore_site.capacity.sampling import cpu_seconds, sample, stock

from .rows import make_fixture


def sampled(at: float, changes: int = 0, consumer: float = 0.0, wal: int | None = 0) -> Sample:
    return Sample(at=at, changes=changes, wal_bytes=wal, cpu={"consumer": consumer})


def stocked(**fields: Any) -> Stock:
    given = {"database_bytes": GIGABYTE, "history_day_bytes": None, "free_bytes": 100 * GIGABYTE, "keep_days": 30}
    return Stock(**{**given, "connections": (30, 100), "cores": 2, **fields})


def lines(first: Sample, last: Sample, stock: Stock) -> dict[str, tuple[str, bool]]:
    return {room.about: (room.text, room.is_short) for room in rooms(first, last, stock)}


def test_a_rate_and_what_one_consumer_could_take():
    found = lines(sampled(0), sampled(10, changes=3000, consumer=2.0), stocked())
    assert found["feed"] == ("300.0 changes of fixtures a second, over 10 s.", False)
    assert found["consumer"] == ("20% of a core: one consumer could take about 1,050 changes a second.", False)


def test_a_busy_consumer_is_short_of_a_core():
    assert lines(sampled(0), sampled(10, changes=10, consumer=8.0), stocked())["consumer"][1]


def test_days_are_those_of_yesterdays_history():
    text, is_short = lines(sampled(0), sampled(10), stocked(history_day_bytes=5 * GIGABYTE))["disk"]
    assert "5.0 GB of history yesterday: room for 20 days; 30 are kept." in text
    assert is_short


def test_on_the_first_day_what_was_written_just_now_is_taken():
    text, is_short = lines(sampled(0), sampled(10, wal=1024**2), stocked())["disk"]
    assert "8.4 GB of WAL a day at this rate" in text
    assert is_short


def test_few_connections_are_short():
    assert lines(sampled(0), sampled(1), stocked(connections=(85, 100)))["connections"][1]
    assert not lines(sampled(0), sampled(1), stocked())["connections"][1]


def test_two_samples_of_one_moment_say_nothing():
    with pytest.raises(ValueError, match="one moment"):
        list(rooms(sampled(1), sampled(1), stocked()))


@pytest.mark.usefixtures("either_database")
@pytest.mark.django_db(transaction=True)
class TestSampling:
    def test_it_reads_this_desks_counters(self):
        before = sample()
        make_fixture(1, revision=5)
        after = sample()
        assert after.changes - before.changes == 5
        assert stock().database_bytes > 10_000

    def test_the_command_says_it_in_lines(self):
        out = StringIO()
        call_command("capacity", seconds=1, stdout=out)
        assert out.getvalue().strip().startswith("feed:")
        assert "are free here" in out.getvalue()


def test_the_cpu_of_a_consumer_of_this_machine_is_found():
    process = subprocess.Popen([sys.executable, "-c", "while True: pass", "consume_feed"])
    try:
        while cpu_seconds(Path("/proc")).get("consumer", 0.0) == 0.0:
            assert process.poll() is None
    finally:
        process.kill()
        process.wait()


def test_a_system_without_proc_has_no_processes(tmp_path: Path):
    assert cpu_seconds(tmp_path) == {}
