"""The walls: imports go one way, along the data's way; each outside library has its place; commands join it all."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("accounts", "alarms", "feed", "livescore_site", "packages_admin", "sandbox", "webhooks")

#: The stages of the feed in the data's order. Each may import those on the lines above it, and itself.
ORDER = (
    ("feed.codes", "feed.changes", "feed.database", "feed.tracing"),
    ("feed.wire", "feed.models", "feed.transport"),
    ("feed.journal", "feed.viewings.spans"),
    ("feed.proof", "feed.vouching"),  # spans of what was shown are leaves
    ("feed.store",),  # whether a side is down decides whose words count
    ("feed.ingest", "feed.pages", "feed.past", "feed.recovery"),
    ("feed.attention", "feed.viewings"),
    ("feed.live",),
    ("feed.alerts", "feed.api"),
    ("feed.desk",),
    ("feed.views",),
    ("accounts",),  # not of the feed: a dangerous action needs a new code, a bundle that leaves is a security event
    ("feed.operations", "feed.admin"),
    ("feed.apps", "feed.management", "feed.urls"),
)
BELOW = {stage: {low for line in ORDER[:place] for low in line} for place, line in enumerate(ORDER) for stage in line}
#: Stages that may import less than the order allows.
NARROWER: dict[str, set[str]] = {
    "feed.wire": {"feed.codes"},
    "feed.models": {"feed.codes"},
    "feed.transport": {"feed.codes"},
}
#: What each stage of the feed may import, and the simulated supplier.
STAGES = {stage: low for stage, low in BELOW.items() if stage != "accounts"} | NARROWER
STAGES["sandbox"] = {"feed.codes", "feed.transport"}
#: The only modules that may import a library (or another than these may not).
ONLY_IN = {
    "pika": {
        "feed.transport.parameters",
        "feed.transport.rabbitmq",
        "feed.transport.rabbitmq_errors",
        "feed.transport.streams",
        "feed.transport.topology",
    },
    "opentelemetry": {"feed.tracing.otel"},
    "httpx": {"alarms.sending", "livescore_site.posting", "packages_admin.client", "packages_admin.network"},
}


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
                yield name, path


@cache
def parsed(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


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


def imported_by(place: str) -> Iterator[tuple[str, str]]:
    """Each module whose name begins so, with each name that it imports."""
    for name in MODULES:
        if name.startswith(place):
            yield from ((name, imported) for imported in imports(name, parsed(name)))


def test_a_stage_imports_only_what_comes_before_it():
    strays = [
        (name, imported)
        for name in MODULES
        if (stage := stage_of(name))
        for imported in imports(name, parsed(name))
        if imported.startswith(PACKAGES)
        and not any(f"{imported}.".startswith(f"{package}.") for package in STAGES[stage] | {stage})
    ]
    assert strays == []


def test_the_order_has_no_exception():
    """A stage may have less than its place allows, and never more."""
    assert all(allowed <= BELOW[stage] for stage, allowed in NARROWER.items())


def test_the_feed_knows_neither_packages_nor_the_simulated_supplier_nor_the_site():
    above = ("alarms", "packages_admin", "sandbox", "livescore_site")
    assert [found for found in imported_by("feed") if found[1].startswith(above)] == []


def test_every_module_of_the_feed_has_a_stage():
    without = {name for name in MODULES if name.startswith("feed.") and not stage_of(name)}
    assert without <= {"feed.management"}


def test_no_file_lies_loose_in_the_feed():
    files = {path.name for path in (ROOT / "feed").glob("*.py")}
    assert files == {"__init__.py", "apps.py", "changes.py", "urls.py", "views.py"}


def test_no_folder_of_the_feed_holds_more_than_14_files():
    exempt = {"codes", "models", "migrations", "commands"}
    folders = (path for path in (ROOT / "feed").rglob("*") if path.is_dir() and path.name not in exempt)
    counts = {folder.relative_to(ROOT).as_posix(): len(list(folder.glob("*.py"))) for folder in folders}
    assert not {folder: count for folder, count in counts.items() if count > 14}


def test_wire_is_pure():
    impure = ("django", "logging", "time", "os", "socket", "pathlib", "asyncio", "threading", "random")
    assert [found for found in imported_by("feed.wire") if found[1].split(".")[0] in impure] == []


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_with_a_place_is_imported_only_there(library: str):
    users = {
        name
        for name in MODULES
        if not name.startswith("sandbox")
        and any(module.split(".")[0] == library for module in imports(name, parsed(name)))
    }
    assert users <= ONLY_IN[library]


def test_no_import_hides_in_a_function():
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    hidden = [
        (name, node.lineno)
        for name in MODULES
        for function in ast.walk(parsed(name))
        if isinstance(function, functions)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []
