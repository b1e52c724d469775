"""What docs/security/asvs.md says of the code that is served, looked for in all of it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Without what runs by hand: commands, the doctor, and the exam of the whole desk.
BY_HAND = ("management", "doctor", "migrations")
SERVED = ("accounts", "alarms", "feed", "livescore_site", "packages_admin", "webhooks")
SCRIPTS = {path.name: path.read_text("utf-8") for path in (ROOT / "static" / "js").glob("*.js")}


@cache
def served() -> list[tuple[str, ast.AST]]:
    """Each node of the served code, with its file."""
    found: list[tuple[str, ast.AST]] = []
    for folder in SERVED:
        for path in (ROOT / folder).rglob("*.py"):
            if not set(path.parts) & set(BY_HAND):
                place = str(path.relative_to(ROOT))
                found += ((place, node) for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    return found


def imported() -> Iterator[tuple[str, str]]:
    for place, node in served():
        if isinstance(node, ast.Import):
            yield from ((place, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield place, node.module or ""


def called() -> Iterator[tuple[str, str]]:
    """Each call as "place", "name" or "place", ".method"."""
    for place, node in served():
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield place, node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield place, f".{node.func.attr}"


def test_every_app_of_the_desk_is_looked_through():
    """But the simulated supplier, which no desk of others serves."""
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps - {"sandbox"} == set(SERVED)


def test_no_served_code_starts_a_process():
    assert [
        found for found in imported() if found[1].partition(".")[0] in ("subprocess", "pty", "multiprocessing")
    ] == []
    assert [found for found in called() if found[1] in (".system", ".popen", ".spawnl", ".execv", ".fork")] == []


def test_no_served_code_unpickles_or_runs_text():
    unsafe = ("pickle", "marshal", "shelve", "dill", "yaml", "code", "runpy")
    assert [found for found in imported() if found[1].partition(".")[0] in unsafe] == []
    assert [found for found in called() if found[1] in ("eval", "exec", "compile", "__import__")] == []


def test_templates_are_files_and_never_text():
    assert [found for found in called() if found[1] in (".from_string", "Template")] == []


def test_expressions_that_are_searched_for_are_written_in_the_code():
    """No regular expression is made of what somebody sends."""
    odd = []
    for place, node in served():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            first = node.args[0]
            if (
                of_re
                and not isinstance(first, ast.Constant)
                and not (isinstance(first, ast.Name) and first.id.isupper())
            ):
                odd.append(f"{place}:{node.lineno}")
    assert odd == []


def test_scripts_make_html_of_the_desks_own_fragments_alone():
    """`innerHTML` takes "" or what a page of the desk answered, which is escaped there."""
    given = [
        (name, found.strip())
        for name, text in SCRIPTS.items()
        for found in re.findall(r"(?:innerHTML|outerHTML)\s*=\s*([^;\n]+)", text)
    ]
    assert sorted(given) == [
        ("admin_facts.js", "await answer.text()"),
        ("arrange.js", "html.trim()"),
        ("live.js", '""'),
    ]
    unsafe = re.compile(r"insertAdjacentHTML|document\.write|\beval\(|new Function|(?<!windows\.)postMessage")
    # Windows of one browser tell one another of pins over a channel of the desk's own origin.
    assert [name for name, text in SCRIPTS.items() if unsafe.search(text)] == []


def test_the_browser_keeps_times_and_nothing_else():
    keys = {key for text in SCRIPTS.values() for key in re.findall(r"(?:local|session)Storage\.\w+\(\"([^\"]+)", text)}
    assert keys == {"desk.latencies"}
    assert [name for name, text in SCRIPTS.items() if "indexedDB" in text or "document.cookie" in text] == []


def test_only_approved_digests_are_used():
    """SHA-1 alone is another, and only because lists of breached passwords are kept by it. Ed25519 is of SHA-512."""
    found = {
        (Path(place).name if node.attr == "sha1" else "", node.attr)
        for place, node in served()
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "hashlib"
    }
    assert found <= {("", "sha256"), ("", "sha512"), ("", "blake2s"), ("", "blake2b"), ("passwords.py", "sha1")}
