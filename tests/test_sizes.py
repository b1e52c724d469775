"""Every file, function and folder small enough to be read at once; everything typed; as many tests as code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_names import FOLDERS as FOLDERS_OF_NAMES
from tests.test_names import ROOT

FOLDERS = (*FOLDERS_OF_NAMES, "attack", "supply")
MOST_LINES, MOST_LINES_OF_FUNCTION, MOST_FILES = 300, 40, 14
#: Folders of `feed` that hold one file for each of many things.
MANY_FILES = frozenset({"feed/codes", "feed/models", "feed/migrations", "feed/management/commands"})


def paths() -> Iterator[Path]:
    for folder in FOLDERS:
        found = sorted((ROOT / folder).rglob("*.py"))
        yield from (path for path in found if not {"migrations", "node_modules"} & set(path.parts))


SOURCES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths()}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[str, Function]]:
    """Each function with its place."""
    for name, text in SOURCES.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, Function):
                yield f"{name}:{node.lineno} {node.name}", node


def lines(text: str) -> int:
    return text.count("\n")


def is_typed(function: Function) -> bool:
    """Whether each argument has a type, and the function what it returns; tests and `__init__` return nothing."""
    given = function.args
    arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
    returns_nothing = function.name.startswith("test_") or function.name == "__init__"
    has_types = all(argument.annotation or argument.arg in ("self", "cls") for argument in arguments)
    return has_types and (function.returns is not None or returns_nothing)


def test_no_file_is_longer_than_300_lines():
    assert len(SOURCES) > 900
    assert {name: lines(text) for name, text in SOURCES.items() if lines(text) > MOST_LINES} == {}


def test_no_function_is_longer_than_40_lines():
    found = {place: (node.end_lineno or 0) - node.lineno + 1 for place, node in functions()}
    assert {place: length for place, length in found.items() if length > MOST_LINES_OF_FUNCTION} == {}


def test_every_function_has_types():
    assert [place for place, node in functions() if not is_typed(node)] == []


def test_no_folder_of_the_feed_has_more_than_14_files():
    folders = {path.parent for path in (ROOT / "feed").rglob("*.py")}
    sizes = {folder.relative_to(ROOT).as_posix(): len(list(folder.glob("*.*"))) for folder in folders}
    assert {name: size for name, size in sizes.items() if size > MOST_FILES and name not in MANY_FILES} == {}


@pytest.mark.parametrize("room", ["live", "pages"])
def test_the_tests_of_a_room_have_at_least_as_many_lines_as_its_code(room: str):
    code = sum(lines(text) for name, text in SOURCES.items() if name.startswith(f"feed/{room}/"))
    about_it = (text for name, text in SOURCES.items() if name.startswith("tests/") and f"feed.{room}" in text)
    assert sum(map(lines, about_it)) >= code
