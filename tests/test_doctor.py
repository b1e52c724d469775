"""`manage.py doctor`: each thing that can be wrong is a line that says what to do."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from livescore_site.doctor import Finding, Grade, examine, services
from livescore_site.doctor import own_machine as machine
from tests.conftest import default_database
from tests.packages import make_package
from tests.rows import make_source

GIGABYTE = 1024**3


def only(found: Iterator[Finding], about: str) -> Finding:
    """The one finding about something."""
    (one,) = (finding for finding in found if finding.about == about)
    return one


def test_a_check_that_fails_by_itself_is_a_fault_and_stops_no_other():
    def broken_check() -> Iterator[Finding]:
        raise RuntimeError("boom")
        yield

    def sound_check() -> Iterator[Finding]:
        yield Finding(Grade.OK, "sound", "Well.")

    broken, sound = examine([broken_check, sound_check])
    assert (broken.grade, broken.about) == (Grade.FAULT, "broken check")
    assert "boom" in broken.text
    assert sound.about == "sound"


@pytest.mark.django_db
def test_its_lines_say_what_to_do_and_its_exit_code_that_there_is_a_fault(settings: Any, tmp_path: Path):
    settings.VAR_DIR, settings.STATIC_ROOT = tmp_path / "gone", tmp_path / "static"
    out = StringIO()
    with pytest.raises(CommandError, match=r"^\d faults\.$"):
        call_command("doctor", stdout=out, no_color=True)
    assert "fault   disk: " in out.getvalue()
    assert "-> Run: manage.py collectstatic --noinput" in out.getvalue()


@pytest.mark.django_db
def test_as_json_it_can_be_read_by_whatever_watches_the_desk(settings: Any, tmp_path: Path):
    settings.STATIC_ROOT = tmp_path
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("doctor", "--json", stdout=out)
    rows = json.loads(out.getvalue())
    assert {"grade": "fault", "about": "static files"}.items() <= next(
        row for row in rows if row["about"] == "static files"
    ).items()


@pytest.mark.parametrize(
    ("hosts", "is_tls", "proxies", "about", "grade"),
    [
        (["localhost", "127.0.0.1"], False, (), "proxy", Grade.OK),
        (["desk.example.com", "127.0.0.1"], False, (), "proxy", Grade.WARNING),
        (["desk.example.com", "127.0.0.1"], True, (), "proxy", Grade.FAULT),
        (["desk.example.com", "127.0.0.1"], True, ("127.0.0.1/32",), "proxy", Grade.OK),
        (["desk.example.com"], True, ("127.0.0.1/32",), "names", Grade.WARNING),
        (["*"], True, ("127.0.0.1/32",), "names", Grade.FAULT),
    ],
)
def test_names_and_proxies_that_do_not_fit(
    hosts: list[str], is_tls: bool, proxies: tuple[str, ...], about: str, grade: Grade, settings: Any
):
    settings.ALLOWED_HOSTS, settings.BEHIND_TLS, settings.TRUSTED_PROXIES = hosts, is_tls, proxies
    assert only(machine.names_and_proxies(), about).grade == grade


@pytest.mark.parametrize(("free", "grade"), [(50, Grade.OK), (3, Grade.WARNING), (0.5, Grade.FAULT)])
def test_a_disk_that_fills(free: float, grade: Grade, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings.VAR_DIR = tmp_path
    usage = type("Usage", (), {"free": free * GIGABYTE, "total": 100 * GIGABYTE})
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda folder: usage)
    finding = only(machine.disk(), "disk")
    assert finding.grade == grade
    assert f"{free:.1f} GB of 100 GB" in finding.text


@pytest.mark.parametrize(("spoil", "grade"), [(False, Grade.OK), (True, Grade.FAULT)])
def test_static_files_that_were_not_collected_are_named(spoil: bool, grade: Grade, settings: Any, tmp_path: Path):
    settings.STATIC_ROOT = tmp_path
    paths = {path: path for path in machine.served_files()}
    gone = next(path for path in paths if path.startswith("htmx/"))
    if spoil:
        del paths[gone]
    (tmp_path / "staticfiles.json").write_text(json.dumps({"paths": paths}))
    finding = only(machine.static_files(), "static files")
    assert finding.grade == grade
    assert (gone in finding.text) == spoil


def test_a_database_that_does_not_answer_is_told_in_one_line_and_nothing_is_asked_of_it(transactional_db: None):
    with default_database("postgres://postgres@127.0.0.1:1/nowhere"):
        (finding,) = services.database()
        connection.close()
    assert finding.grade == Grade.FAULT
    assert "\n" not in finding.text
    assert "DATABASE_URL" in finding.remedy


@pytest.mark.django_db
def test_migrations_that_are_missing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(services.MigrationExecutor, "migration_plan", lambda *args: ["0042"])
    *_, last = services.database()
    assert (last.grade, last.remedy) == (Grade.FAULT, "Run: manage.py migrate")


@pytest.mark.parametrize(("address", "grade"), [("", Grade.WARNING), ("redis://127.0.0.1:1/0", Grade.FAULT)])
def test_a_redis_that_is_not_there(address: str, grade: Grade, settings: Any):
    settings.REDIS_URL = address
    assert only(services.channel_layer(), "Redis").grade == grade


def test_a_redis_that_answers(redis_url: str, settings: Any):
    settings.REDIS_URL = redis_url
    assert only(services.channel_layer(), "Redis").grade == Grade.OK


def test_clock_and_connections_of_postgresql(migrated_postgresql: str, transactional_db: None):
    with default_database(migrated_postgresql):
        found = {finding.about: finding for finding in services.database()}
        connection.close()
    assert found["clock"].grade == Grade.OK
    assert "connections are used" in found["connections"].text


@pytest.mark.django_db
def test_a_broker_that_cannot_be_reached():
    make_package(amqp_host="127.0.0.1", amqp_port=1, amqp_tls=False, state="active")
    finding = only(services.brokers(), "broker 127.0.0.1:1")
    assert finding.grade == Grade.FAULT
    assert "cannot be reached" in finding.text


def test_a_broker_that_can_be_reached_and_one_without_tls(amqp_url: str):
    host, port = "127.0.0.1", 5672
    assert services.broker(host, port, False).grade == Grade.OK
    assert "TLS fails" in services.broker(host, port, True).text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "grade"),
    [
        ({"state": "up"}, Grade.OK),
        ({"state": "down", "state_reason": "The connection is lost."}, Grade.FAULT),
        ({"off_since": timezone.now(), "off_reason": "Switched off by olga."}, Grade.OK),
    ],
)
def test_each_feed_is_told_as_the_pages_tell_it(fields: dict[str, Any], grade: Grade):
    source = make_source(state_since=timezone.now(), last_message_at=timezone.now(), **fields)
    finding = only(services.feeds(), f"feed {source.name}")
    assert finding.grade == grade
    assert fields.get("state_reason", "") in finding.text


@pytest.mark.django_db
def test_a_desk_without_any_feed_is_told_how_to_begin():
    assert "consume_feed" in only(services.feeds(), "feed").remedy
