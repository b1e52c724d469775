"""The short exam: the whole desk in its own processes, three kinds of fault, seen by two pages and a program."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from exam.faults import SHORT
from exam.processes import ROOT, environment
from exam.rig import PAGES
from tests.conftest import AMQP_URL, POSTGRESQL_URL, REDIS_URL

#: Of all that is shown: on a machine that runs other tests beside it, a change may be painted after its second.
MOST_UNVOUCHED = 0.01


@pytest.mark.rabbitmq
@pytest.mark.postgresql
@pytest.mark.redis
@pytest.mark.timeout(420)
def test_the_short_exam(postgresql_url: str, redis_url: str, amqp_url: str, chromium: str, tmp_path: Path) -> None:
    services = {"DATABASE_TEST_URL": POSTGRESQL_URL, "REDIS_TEST_URL": REDIS_URL, "AMQP_TEST_URL": AMQP_URL}
    env = environment(**services, CHROMIUM=chromium, VAR_DIR=str(tmp_path))
    command = [sys.executable, "manage.py", "exam", "--short"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=400)
    assert (tmp_path / "exam" / "exam.html").exists(), done.stdout + done.stderr
    (paper,) = json.loads((tmp_path / "exam" / "exam.json").read_text())["papers"]
    assert (done.returncode == 0) is (not json.loads((tmp_path / "exam" / "exam.json").read_text())["failures"])
    check(paper, done.stdout)


def check(paper: dict[str, Any], output: str) -> None:
    findings = paper["findings"]
    assert {(found["kind"], found["watcher"]) for found in findings} >= {(kind.name, "program") for kind in SHORT}
    assert len(findings) == len(SHORT) * (PAGES + 1)
    assert paper["balance"]["lost"] == 0, output  # what is doubled is a finding of docs/exam.md
    assert paper["balance"]["bets"] > 100
    assert "up>down" in paper["transitions"], output
    assert {"down>up", "late>up"} & paper["transitions"].keys(), output  # a killed consumer comes back with a backlog
    assert [found for found in findings if found["healed_seconds"] is None] == [], output
    for found in findings:
        assert found["price_seconds"] > 1000, output
        assert found["unvouched_seconds"] <= MOST_UNVOUCHED * found["price_seconds"], output
