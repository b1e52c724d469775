"""The walls: imports go one way, along the data's way; each outside library has its place; commands join it all."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("feed", "livescore_site", "packages_admin", "sandbox")

#: What each stage may import of the project; a stage that is not named is held by the rules further down alone.
STAGES = {
    "feed.codes": set(),
    "feed.changes": set(),
    "feed.prepared": set(),
    "feed.wire": {"feed.codes"},
    "feed.models": {"feed.codes"},
    "feed.transport": set(),
    "feed.store": {"feed.codes", "feed.changes", "feed.wire", "feed.models", "feed.transport", "feed.prepared"},
    "feed.health": {"feed.models"},
    "feed.history": {"feed.codes", "feed.models"},
    "feed.pages": {"feed.codes", "feed.changes", "feed.models", "feed.health", "feed.history", "feed.prepared"},
    "feed.live": {"feed.codes", "feed.changes", "feed.models", "feed.health", "feed.pages", "feed.state"},
    "sandbox": {"feed.codes", "feed.transport"},
}
#: The only modules that may import a library (or another than these may not).
ONLY_IN = {"pika": {"feed.transport.rabbitmq"}, "httpx": {"packages_admin.client"}}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def imports(name: str, tree: ast.AST) -> Iterator[str]:
    """The full names of all that a module imports."""
    is_package = (ROOT / Path(*name.split("."))).is_dir()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = name.split(".")
            base = base[: len(base) - node.level + is_package] if node.level else []
            origin = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def stage_of(name: str) -> str | None:
    return next((stage for stage in STAGES if name == stage or name.startswith(f"{stage}.")), None)


MODULES = dict(modules())


@pytest.mark.parametrize("name", [name for name in MODULES if stage_of(name) and ".management." not in name])
def test_a_stage_imports_only_what_comes_before_it(name: str):
    stage = stage_of(name)
    assert stage is not None
    allowed = STAGES[stage] | {stage}
    strays = {
        imported
        for imported in imports(name, MODULES[name])
        if imported.startswith(PACKAGES) and not any(f"{imported}.".startswith(f"{each}.") for each in allowed)
    }
    assert not strays


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("feed") and ".management." not in name])
def test_the_feed_knows_neither_packages_nor_the_simulated_supplier(name: str):
    assert not [each for each in imports(name, MODULES[name]) if each.startswith(("packages_admin", "sandbox"))]


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("feed.wire")])
def test_wire_is_pure(name: str):
    impure = ("django", "logging", "time", "os", "socket", "pathlib", "asyncio", "threading", "random")
    assert not [each for each in imports(name, MODULES[name]) if each.split(".")[0] in impure]


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_with_a_place_is_imported_only_there(library: str):
    users = {
        name
        for name, tree in MODULES.items()
        if not name.startswith("sandbox") and any(each.split(".")[0] == library for each in imports(name, tree))
    }
    assert users <= ONLY_IN[library]


@pytest.mark.parametrize("name", MODULES)
def test_no_import_hides_in_a_function(name: str):
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    hidden = [
        node.lineno
        for function in ast.walk(MODULES[name])
        if isinstance(function, functions)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not hidden
