"""LSports' numbers have names: outside of feed.codes none of them stands bare.

What is looked for: a number compared with, or given for, an attribute that holds one of LSports' codes; sets of
numbers; and the ids of sports and of main markets anywhere.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from feed.codes import MAIN_MARKETS, SPORTS

ROOT = Path(__file__).resolve().parent.parent
#: Attributes and columns that hold codes.
CODED = frozenset({"status", "type", "description", "current_period", "sport_id", "market_id", "clock_status"}) | {
    "settlement",
    "suspension_reason",
}
APPS = ("accounts", "alarms", "feed", "livescore_site", "packages_admin", "sandbox", "webhooks")
#: Values that mean the same in any table: none, the first, not known.
INNOCENT = frozenset({-1, 0})
IDS = frozenset({*SPORTS, *(market for market in MAIN_MARKETS if market > 100)})
#: The simulated supplier numbers its own markets, with their names.
IDS_IN_SANDBOX = frozenset(SPORTS)
#: Where numbers are HTTP's statuses, a websocket's close codes, the codes of characters or bits.
HTTP = (
    "feed/proof/others.py",
    "packages_admin/answers.py",
    "packages_admin/client.py",
    "alarms/sending.py",
    "livescore_site/daphne_sockets.py",
    "livescore_site/log_lines.py",
    "accounts/",
)


def files() -> list[str]:
    paths = (path for app in APPS for path in (ROOT / app).rglob("*.py"))
    names = (path.relative_to(ROOT).as_posix() for path in paths if "migrations" not in path.parts)
    return sorted(name for name in names if not name.startswith(("feed/codes/", *HTTP)))


def is_of_sandbox(name: str) -> bool:
    return name.startswith("sandbox/")


def numbers(node: ast.AST) -> set[int]:
    """The whole numbers that a literal, or a collection of literals, holds."""
    if isinstance(node, ast.Constant):
        return {node.value} if type(node.value) is int else set()
    if isinstance(node, ast.Tuple | ast.Set | ast.List):
        return {number for element in node.elts for number in numbers(element)}
    return set()


def word(node: ast.AST) -> str:
    """The last word of a name, an attribute or a query's keyword: "status" of `row.status` and `status__in`."""
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name.partition("__")[0]


def bare(tree: ast.AST, ids: frozenset[int] = IDS) -> Iterator[int]:
    """The lines with a bare number of LSports'."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            found = {number for side in sides for number in numbers(side)} if CODED & set(map(word, sides)) else set()
        elif isinstance(node, ast.keyword) and (node.arg or "").partition("__")[0] in CODED:
            found = {number for number in numbers(node.value) if number < 100 or number > 599}
        elif isinstance(node, ast.Set):
            found = numbers(node)
        else:
            found = numbers(node) & ids
        if found - INNOCENT:
            yield getattr(node, "lineno", None) or node.value.lineno  # type: ignore[attr-defined]


def test_no_number_of_lsports_stands_bare():
    found = {
        name: list(bare(ast.parse((ROOT / name).read_text("utf-8")), IDS_IN_SANDBOX if is_of_sandbox(name) else IDS))
        for name in files()
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "code",
    [
        "row.status == 2",
        "if row.type in (9, 24): pass",
        "rows.filter(market_id=1)",
        "FOOTBALL = 6046",
        "FINAL = {100, 101}",
    ],
)
def test_a_bare_number_is_found(code: str):
    assert list(bare(ast.parse(code))) == [1]
