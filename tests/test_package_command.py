"""`manage.py package`: the four calls for scripts, with an exit code for each kind of end."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.utils import timezone

from exam.processes import desk, until
from packages_admin.management.commands.package import EXIT_CODES, REFUSED
from packages_admin.models import PackageCall
from packages_admin.outcome import Kind

from .packages import LSports, make_package

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str]:
    """The exit code, and what was said."""
    out = StringIO()
    try:
        call_command("package", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        ("activate", "LSports: Package activation completed successfully.\n"),
        ("deactivate", "LSports: Package deactivation completed successfully.\n"),
        ("status", "LSports: the package is active.\n"),
        ("snapshot", "LSports: Livescore snapshot request sent successfully.\n"),
    ],
)
def test_each_call_ends_with_0_and_lsports_words(action: str, sentence: str, lsports: LSports):
    make_package(api_base=lsports.url)
    assert run(action, "123") == (0, sentence)
    call = PackageCall.objects.get()
    assert call.origin == "command"
    assert call.actor_name.startswith("command, ")


def test_a_refusal_ends_with_1(lsports: LSports):
    lsports.answers["activate"] = (400, {"error": "Invalid package credentials"})
    make_package(api_base=lsports.url)
    assert run("activate", "123") == (1, "LSports refused: Invalid package credentials.")


def test_an_unknown_package_ends_with_2():
    make_package()
    assert run("status", "9") == (2, "There is no package 9. There is: 123.")


def test_an_id_that_two_products_share_needs_the_product(lsports: LSports):
    make_package(api_base=lsports.url)
    make_package("trade_in_play", name="South")
    sentence = "Package 123 is in two products: add --product hyper or trade_in_play."
    assert run("status", "123") == (2, sentence)
    assert run("status", "123", "--product", "hyper") == (0, "LSports: the package is active.\n")


def test_no_connection_ends_with_3(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("packages_admin.client.RECONNECT_SECONDS", 0)
    make_package(api_base="http://127.0.0.1:1")
    code, sentence = run("status", "123")
    assert (code, sentence) == (3, "No connection to 127.0.0.1:1: Connection refused.")


def test_a_call_under_way_ends_with_4():
    make_package(call_lease_until=timezone.now() + timedelta(seconds=30), call_lease_holder="x")
    assert run("status", "123")[0] == 4


def test_a_snapshot_too_soon_ends_with_4(lsports: LSports):
    make_package(api_base=lsports.url)
    assert run("snapshot", "123")[0] == 0
    assert run("snapshot", "123")[0] == 4


@pytest.mark.parametrize("filtered", [("--fixtures", "7,8"), ("--since", "2026-11-21T18:00")])
def test_a_livescore_snapshot_has_no_filter(filtered: tuple[str, str], lsports: LSports):
    make_package(api_base=lsports.url)
    sentence = "--fixtures and --since go with a snapshot of a TRADE package."
    assert run("snapshot", "123", *filtered) == (2, sentence)
    assert lsports.requests == []


def test_a_trade_snapshot_takes_a_filter(lsports: LSports):
    lsports.answers["GetEvents"] = (200, {"Header": {}, "Body": []})
    make_package("trade_pre_match", snapshot_base=lsports.url, snapshot_path="/PreMatch/GetEvents")
    outcome = run("snapshot", "123", "--fixtures", "7,8", "--since", "2026-11-21T18:00")
    assert outcome == (0, "LSports sent a snapshot; its fixtures are stored: 0.\n")
    ((_, body),) = lsports.requests
    assert (body["Fixtures"], body["Timestamp"]) == ([7, 8], 1795284000)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("fly", "123"), "invalid choice: 'fly'"),
        (("status", "abc"), "invalid int value: 'abc'"),
        (("snapshot", "123", "--fixtures", "a"), "'a' is not a list of fixture ids like 7,8,9"),
        (("snapshot", "123", "--since", "noon"), "'noon' is not a time like 2026-11-21T18:00"),
    ],
)
def test_wrong_arguments_are_named(arguments: tuple[str, ...], sentence: str):
    with pytest.raises(CommandError, match=sentence.replace("(", r"\(")):
        call_command("package", *arguments)


def test_every_kind_of_outcome_has_an_exit_code():
    codes = {kind: EXIT_CODES.get(kind, REFUSED) for kind in Kind}
    assert {kind for kind, code in codes.items() if code == 3} == {
        Kind.TIME_OUT, Kind.NO_CONNECTION, Kind.CUT_OFF, Kind.NO_SUCH_HOST, Kind.TLS,
    }  # fmt: skip
    assert {kind for kind, code in codes.items() if code == 4} == {Kind.TOO_SOON, Kind.BUSY}


def test_a_shell_sees_the_exit_code_and_a_key_that_is_none_stops_the_command(tmp_path: Path):
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment(tmp_path), check=True)
    unknown = in_a_shell(tmp_path)
    assert unknown.returncode == 2
    assert "There is no package 9. There is: none." in unknown.stderr
    keyless = in_a_shell(tmp_path, CREDENTIAL_KEYS="nonsense")
    assert keyless.returncode == 1
    assert "CREDENTIAL_KEYS: entry 1 is not a key" in keyless.stderr


def test_two_processes_never_call_for_one_package_at_once(lsports: LSports):
    lsports.gate = threading.Event()
    with desk() as made:
        made.run("shell", "--command", MAKE_PACKAGE.format(url=lsports.url))
        try:
            first = made.start("manage.py", "package", "activate", "123")
            until(lambda: lsports.requests, what="the first call")
            output = made.run("package", "deactivate", "123", code=4)
        finally:
            lsports.gate.set()
        assert first.wait(20) == 0, made.log(first)
        assert "Another call for this package is under way; try again in a moment." in output
        assert [path for path, _ in lsports.requests] == ["/package/activate"]
        assert "already inactive" not in made.run("package", "deactivate", "123")


MAKE_PACKAGE = """
from django.utils import timezone
from packages_admin.models import Package
package = Package(name="North", product="hyper", package_id=123, user_name="ops", api_base="{url}")
package.set_password("s3cret", timezone.now())
package.save()
"""


def test_a_web_server_says_at_its_start_that_a_password_cannot_be_opened():
    with desk() as made:
        made.run("shell", "--command", MAKE_PACKAGE.format(url="http://127.0.0.1:1"))
        made.env["CREDENTIAL_KEYS"] = Fernet.generate_key().decode()
        made.serve()
        (process,) = made.started
        sentence = "No key in CREDENTIAL_KEYS opens the password of: North. Put the key back into CREDENTIAL_KEYS"
        until(lambda: sentence in made.log(process), what="the error in the log")
        refused = made.run("package", "status", "123", code=1)
        assert "No key in CREDENTIAL_KEYS opens the password of: North." in refused
        assert "Traceback" not in refused


def in_a_shell(var_dir: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "package", "status", "9"]
    return subprocess.run(command, cwd=ROOT, env=environment(var_dir) | variables, capture_output=True, text=True)


def environment(var_dir: Path) -> dict[str, str]:
    own = {"VAR_DIR": str(var_dir), "DJANGO_SETTINGS_MODULE": "livescore_site.settings"}
    return {name: text for name, text in os.environ.items() if name not in ("DATABASE_URL", "SECRET_KEY")} | own
