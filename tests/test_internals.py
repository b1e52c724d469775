"""What the code borrows from others' insides is written down, for the versions that are pinned.

Looked for: private names of foreign modules and objects, however they are reached; attributes of foreign classes and
modules that we set; everything that is imported from modules without a promise; the methods that we override in classes
from there; and private members that we override in any foreign class.
"""

import ast
import importlib
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("accounts", "alarms", "feed", "livescore_site", "packages_admin", "sandbox", "webhooks")
#: Modules whose names are documented nowhere, or without a promise that they stay.
UNPROMISED = ("daphne", "autobahn", "twisted.internet.tcp", "twisted.web.http", "twisted.internet.protocol")
UNPROMISED += ("channels.sessions", "django.db.models.sql", "httpcore._", "httpx._", "psycopg.types", "psycopg._")
#: Names with an underscore that are documented.
DOCUMENTED = frozenset({"_meta", "_state", "_asdict", "_replace", "_fields", "_make", "_exit"})
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "internals.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| package")
]
NAMES = {part for row in ROWS for name in re.findall(r"`([\w.]+)`", row[2]) for part in (name, name.split(".")[-1])}
SOURCES = {
    path: path.read_text(encoding="utf-8")
    for folder in (*FOLDERS, "static/js")
    for path in sorted((ROOT / folder).rglob("*.*"))
    if path.suffix in {".py", ".js"} and "migrations" not in path.parts
}
TREES = {path: ast.parse(text) for path, text in SOURCES.items() if path.suffix == ".py"}


@cache
def own_names() -> set[str]:
    """Everything that the project itself defines or sets on itself."""
    names = set()
    for node in (node for tree in TREES.values() for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif (
            isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and word(node.value) in ("self", "cls")
        ):
            names.add(node.attr)
    return names


def word(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def imported(tree: ast.AST) -> dict[str, str]:
    """The foreign names of a module, each with where it comes from: "package.module.name"."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            origins = {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names = [(alias.asname or alias.name.split(".")[0], alias) for alias in node.names]
            origins = {name: alias.name if alias.asname else name for name, alias in names}
        else:
            continue
        found |= {name: origin for name, origin in origins.items() if origin.split(".")[0] not in FOLDERS}
    return found


def is_unpromised(origin: str) -> bool:
    return origin.startswith(UNPROMISED)


def is_private(name: object) -> bool:
    return isinstance(name, str) and bool(re.match("_[^_]", name)) and name not in DOCUMENTED


def private(tree: ast.AST, own: set[str]) -> Iterator[str]:
    """Private attributes that nothing of ours has: `x._y`, `getattr(x, "_y")`, `setattr(x, "_y", z)`."""
    for node in ast.walk(tree):
        name: object = None
        if isinstance(node, ast.Attribute):
            name = node.attr
        elif is_attribute_call(node):
            name = node.args[1].value
        if is_private(name) and name not in own:
            yield str(name)


def is_attribute_call(node: ast.AST) -> TypeGuard[Any]:
    """A call of `getattr`, `setattr` or `delattr` whose name is written there."""
    is_call = isinstance(node, ast.Call) and word(node.func) in ("getattr", "setattr", "delattr")
    return is_call and len(node.args) > 1 and isinstance(node.args[1], ast.Constant)


def imported_private(foreign: dict[str, str]) -> Iterator[str]:
    """`from x import _y`."""
    names = (origin.rpartition(".")[2] for origin in foreign.values())
    return (name for name in names if is_private(name))


def replaced(tree: ast.AST, foreign: dict[str, str]) -> Iterator[str]:
    """What we set on foreign classes and in foreign modules."""
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Attribute) and is_unpromised(origin_of(target.value, foreign)):
                yield target.attr
        if is_attribute_call(node) and is_unpromised(origin_of(node.args[0], foreign)):
            yield node.args[1].value


def origin_of(node: ast.AST, foreign: dict[str, str]) -> str:
    """Where an expression like `http.HTTPFactory` or `Base[T]` comes from, in full; "" for what is ours."""
    if isinstance(node, ast.Subscript):
        return origin_of(node.value, foreign)
    if isinstance(node, ast.Attribute):
        outer = origin_of(node.value, foreign)
        return outer and f"{outer}.{node.attr}"
    return foreign.get(word(node), "")


def overridden(tree: ast.AST, foreign: dict[str, str]) -> Iterator[str]:
    """What we extend of a foreign class: of one without promises the methods that we replace or call by `super()`, of
    any other its private members.
    """
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        calls = {word(call.func) for call in ast.walk(node) if isinstance(call, ast.Call) and is_super(call.func)}
        members = members_of(node)
        for base in node.bases:
            origin = origin_of(base, foreign)
            inherited = {name for name in members if hasattr(located(origin), name)}
            found = calls | inherited if is_unpromised(origin) else {name for name in inherited if is_private(name)}
            yield from (name for name in found if not name.startswith("__"))


def members_of(node: ast.ClassDef) -> set[str]:
    """The methods of a class, and the attributes that it gives a value."""
    methods = {member.name for member in node.body if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef)}
    assigned = [member for member in node.body if getattr(member, "value", None) is not None]
    targets = (getattr(member, "targets", [getattr(member, "target", None)]) for member in assigned)
    return methods | {target.id for group in targets for target in group if isinstance(target, ast.Name)}


def located(origin: str) -> object:
    """The foreign class itself; None where none of that name can be imported."""
    path = origin.split(".")
    for length in range(len(path), 0, -1):
        try:
            found: object = importlib.import_module(".".join(path[:length]))
        except (ImportError, ValueError):
            continue
        for name in path[length:]:
            found = getattr(found, name, None)
        return found
    return None


def is_super(function: ast.AST) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Call)
        and word(function.value.func) == "super"
    )


def borrowed(trees: dict[Path, ast.Module]) -> dict[str, set[str]]:
    """Each borrowed name with the files that borrow it."""
    own, found = own_names(), {}
    for path, tree in trees.items():
        foreign = imported(tree)
        names = {origin.rpartition(".")[2] for origin in foreign.values() if is_unpromised(origin)}
        names |= {*private(tree, own), *imported_private(foreign), *replaced(tree, foreign), *overridden(tree, foreign)}
        for name in names:
            found.setdefault(name, set()).add(path.name)
    return found


def pinned(package: str) -> str:
    pinned = ((ROOT / f"requirements{kind}.txt").read_text(encoding="utf-8") for kind in ("", "-dev"))
    requirements = "\n".join(pinned)
    if found := re.search(rf"^{re.escape(package)}==([\w.]+)", requirements, re.MULTILINE | re.IGNORECASE):
        return found[1]
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    return str(lock["packages"][f"node_modules/{package}"]["version"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[2][:20]}")
def test_a_row_names_the_pinned_version_and_a_test_that_is_there(row: list[str]):
    package, version, _, _, test = row
    assert version == pinned(package)
    assert (ROOT / test.strip("`")).is_file()


def test_every_name_in_the_list_is_used():
    code = "\n".join(SOURCES.values())
    assert len(NAMES) > 40
    assert [name for name in sorted(NAMES) if name not in code] == []


def test_every_borrowed_name_is_in_the_list():
    assert {name: files for name, files in borrowed(TREES).items() if name not in NAMES} == {}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("from daphne.server import Endpoint", "Endpoint"),
        ("from twisted.web import http\nhttp.HTTPFactory.log = None", "log"),
        (
            "from daphne.ws_protocol import Base\nclass Own(Base):\n  def f(self): super().onOpen()",
            "onOpen",
        ),
        ("thing._hidden", "_hidden"),
        ("from django.utils.timezone import _active", "_active"),
        ("from django.utils.timezone import _active as zone", "_active"),
        ("setattr(thing, '_hidden', 1)", "_hidden"),
        ("getattr(thing, '_hidden')", "_hidden"),
        ("from twisted.web import http\nhttp.HTTPFactory.log: object = None", "log"),
        ("from twisted.web import http\nhttp.HTTPFactory.count += 1", "count"),
        ("from twisted.web import http\nsetattr(http.HTTPFactory, 'log', None)", "log"),
        ("import twisted.web.http\ntwisted.web.http.HTTPFactory.log = None", "log"),
        (
            "from daphne.ws_protocol import WebSocketProtocol\nclass Own(WebSocketProtocol):\n  def onOpen(self): ...",
            "onOpen",
        ),
        ("from logging import Logger\nclass Own(Logger):\n  def _log(self): ...", "_log"),
        ("import logging\nclass Own(logging.Logger):\n  def _log(self): ...", "_log"),
        ("from string import Formatter, Template\nclass Own(Template):\n  _invalid = 1", "_invalid"),
    ],
)
def test_what_is_borrowed_is_found(code: str, name: str):
    assert name in borrowed({Path("new.py"): ast.parse(code)})


@pytest.mark.parametrize(
    "code",
    [
        "from django.db.models import Model\nclass Own(Model):\n  def save(self): ...",
        "from django.db.models import Model\nclass Own(Model):\n  def _of_ours(self): ...",
        "def f(row): return row._asdict()",
        "from feed.pages.board import _labels",
    ],
)
def test_what_is_ours_or_documented_is_not_borrowed(code: str):
    assert borrowed({Path("new.py"): ast.parse(code)}) == {}
