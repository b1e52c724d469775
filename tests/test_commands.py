"""Every command as a stranger meets it: help, a database that is away or has no tables, settings that are wrong."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import connection

from exam.processes import ROOT, environment
from tests.conftest import default_database

OURS = sorted(
    name
    for name, app in get_commands().items()
    if app in ("feed", "livescore_site", "packages_admin", "sandbox", "webhooks")
)
#: Those that need the database before anything else, with the arguments that they must have.
WITH_DATABASE = {
    "capacity": [],
    "consume_feed": [],
    "customers": ["123", "quota"],
    "fixture_log": ["7"],
    "hooks": [],
    "package": ["status", "123"],
    "past": ["--at", "2026-11-26T20:14:03Z", "--fixture", "7"],
    "person": ["out", "olga"],
    "proof": ["check"],
    "replay_feed": ["README.md"],
    "rotate_credentials": [],
    "shown": ["ann", "--at", "2026-11-26T20:14:03Z"],
    "tidy": [],
    "topology": ["check", "--source", "Meadow"],
    "watch": [],
    "watch_alerts": [],
    "watch_packages": [],
    "webhooks": ["--once"],
}
WITHOUT_DATABASE = {"demo", "doctor", "exam", "inspect_message", "record_feed", "sandbox"}


def test_every_command_is_known_here():
    assert set(OURS) == WITH_DATABASE.keys() | WITHOUT_DATABASE


@pytest.mark.parametrize("name", OURS)
def test_help_says_what_it_does_and_what_each_argument_is(name: str, capsys: pytest.CaptureFixture[str]):
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(["--help"])
    assert ended.value.code == 0
    assert "usage: manage.py" in capsys.readouterr().out
    assert len(parser.description.split()) > 8
    assert [action.dest for action in parser._actions if not action.help] == []


@pytest.mark.parametrize("name", WITH_DATABASE)
@pytest.mark.django_db(transaction=True)
def test_a_database_without_its_tables_is_said_so(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("feed.management.database.MigrationExecutor.migration_plan", lambda *args: ["0042"])
    with pytest.raises(CommandError, match=r"The database is not up to date\. Run: manage\.py migrate"):
        call_command(name, *WITH_DATABASE[name], stdout=StringIO())


@pytest.mark.parametrize("name", WITH_DATABASE)
def test_a_database_that_does_not_answer_is_said_so(name: str, transactional_db: None):
    with default_database("postgres://postgres@127.0.0.1:1/nowhere"):
        with pytest.raises(CommandError, match="The database does not answer: connection"):
            call_command(name, *WITH_DATABASE[name], stdout=StringIO())
        connection.close()


@pytest.mark.parametrize(
    ("settings", "command", "sentence"),
    [
        ({"FEED_PREFETCH": "many"}, ["check"], "The settings are wrong: FEED_PREFETCH must be a whole number"),
        (
            {"DATABASE_URL": "oracle9://u:s3cret@h/n"},
            ["check"],
            "The settings are wrong: DATABASE_URL must look like postgres://user:password@host/name",
        ),
        (
            {"REDIS_URL": "redis://:s3cret/77@127.0.0.1:6379/0"},
            ["doctor"],
            "The settings are wrong: REDIS_URL must look like redis://:password@host:6379/0",
        ),
        (
            {"DATABASE_URL": "postgres://u:s3cret@127.0.0.1:1/n"},
            ["migrate"],
            "The database does not answer: connection failed",
        ),
    ],
    ids=["number", "address", "redis", "database"],
)
def test_what_can_be_set_right_outside_is_a_line_without_a_traceback(
    settings: dict[str, str], command: list[str], sentence: str, tmp_path: Path
):
    env = environment(VAR_DIR=str(tmp_path), **settings)
    done = subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert "s3cret" not in done.stdout + done.stderr
