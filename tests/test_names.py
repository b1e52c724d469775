"""Names are the field's nouns: none of those that were given up comes back.

A name is split into its words: `status_told` and `isTold` have the word `told`. The names of tests are sentences,
which may use any word.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (
    "accounts",
    "alarms",
    "attack",
    "bench",
    "docs",
    "exam",
    "feed",
    "livescore_site",
    "packages_admin",
    "sandbox",
    "supply",
    "tests",
    "webhooks",
)
#: Words that could stand for anything, or are there for effect, wherever they stand in a name.
WORDS = frozenset({"each", "told", "said", "saying", "kept", "keeper", "tidy", "mend", "mended", "sight"})
WORDS |= {"errand", "errands", "likely", "untold"}
#: Names that are no nouns of the field; within a longer name, like `asked_at` or `look_up`, the same word is plain.
WHOLE = frozenset({"asked", "cuts", "expected", "heard", "look", "looks", "our_side", "paint", "screen", "shape"})
#: In the store a book would be a fixture's rows; elsewhere it is a bookmaker's prices.
IN_STORE = frozenset({"book", "books"})
#: LSports' own name of a field.
ALLOWED = frozenset({"goal_keeper_shirt_color", "GoalKeeperShirtColor"})
#: A command's name, and what pages send or have in an attribute: those opened before an update know no other name.
ALLOWED_AS_KEY = frozenset({"tidy", "paint", "heard"})
#: Comments, texts and tags, in which any word may stand.
SCRIPT_TEXT = re.compile(r"""/\*.*?\*/|(?<![:\w])//[^\n]*|"[^"\n]*"|'[^'\n]*'""", re.DOTALL)
#: All of a template that is not an expression or a statement.
TEMPLATE_TEXT = re.compile(r"(?:\A|[%}]\}).*?(?:\{[%{]|\Z)|\{#.*?#\}", re.DOTALL)


def python_files() -> Iterator[Path]:
    for folder in FOLDERS:
        paths = sorted((ROOT / folder).rglob("*.py"))
        yield from (path for path in paths if "migrations" not in path.parts)


def names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """What a module names itself, with the line: variables, arguments, attributes, functions and classes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname, node.lineno
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg, node.value.lineno
        elif isinstance(node, ast.Dict):
            keys = ((key.value, key.lineno) for key in node.keys if isinstance(key, ast.Constant))
            yield from (key for key in keys if str(key[0]).isidentifier() and key[0] not in ALLOWED_AS_KEY)
        elif isinstance(node, ast.MatchAs | ast.MatchStar | ast.ExceptHandler) and node.name:
            yield node.name, node.lineno


def script_names(text: str) -> Iterator[tuple[str, int]]:
    """Every name that a script or a template uses, with the line."""
    if "{%" in text:
        text = TEMPLATE_TEXT.sub(blank, text)
    code = SCRIPT_TEXT.sub(blank, text)
    for found in re.finditer(r"[A-Za-z_]\w*", code):
        if found[0] not in ALLOWED_AS_KEY:
            yield found[0], code.count("\n", 0, found.start()) + 1


def class_names() -> Iterator[str]:
    for path in python_files():
        yield from (
            node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef)
        )


def blank(found: re.Match[str]) -> str:
    """As many lines, with nothing in them."""
    return "\n" * found[0].count("\n")


def is_given_up(name: str, place: str) -> bool:
    if name in ALLOWED or name.startswith("test_"):
        return False
    parts = set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()))
    return bool(parts & WORDS) or name.lower() in WHOLE or (place.startswith("feed/store/") and name in IN_STORE)


def given_up(found: Iterator[tuple[str, int]], path: Path) -> list[str]:
    place = path.relative_to(ROOT).as_posix()
    return [f"{place}:{line} {name}" for name, line in found if is_given_up(name, place)]


def test_no_python_name_is_one_that_was_given_up():
    files = list(python_files())
    assert len(files) > 500
    found = [text for path in files for text in given_up(names(ast.parse(path.read_text("utf-8"))), path)]
    assert not found, "\n".join(found)


def test_nor_does_a_script_or_a_template_have_one():
    paths = (path for folder in ("static/js", "docs", "templates") for path in (ROOT / folder).rglob("*.*"))
    files = [path for path in paths if path.suffix in (".js", ".html")]
    assert len(files) > 50
    found = [text for path in files for text in given_up(script_names(path.read_text("utf-8")), path)]
    assert not found, "\n".join(found)


def test_a_part_and_an_aspect_are_one_thing_each_and_holders_are_of_leases_only():
    counts = Counter(class_names())
    assert (counts["Part"], counts["Aspect"], counts["Holder"], counts["Holders"]) == (1, 1, 1, 0)


@pytest.mark.parametrize(
    "code",
    [
        "told = 1",
        "for each in rows: pass",
        "self.kept = 1",
        "def f(*, said): pass",
        "[asked for asked in rows]",
        "class Keeper: pass",
        "status_told = 1",
        "with a as look: pass",
        "import a as expected",
        "match a:\n  case [each, *_]: pass",
        "try: pass\nexcept E as told: pass",
        "lambda each: 1",
        "f(said=1)",
        "{'cuts': 1}",
    ],
)
def test_a_name_is_found_wherever_it_is_given(code: str):
    assert given_up(names(ast.parse(code)), ROOT / "feed/new.py")


@pytest.mark.parametrize(
    "text",
    [
        "const told = 1;",
        "{% for each in rows %}",
        "<p>{{ told }}</p>{% if a %}",
        "rows.map((row) => 1, said => 2)",
        "for (const [id, each] of rows) {}",
        "this.asked = 1;",
    ],
)
def test_a_name_of_a_script_or_a_template_is_found(text: str):
    assert given_up(script_names(text), ROOT / "static/js/new.js")


@pytest.mark.parametrize("code", ["asked_at = 1", "def look_up(): pass", "book = 1", "def test_it_is_told(): pass"])
def test_plain_names_pass(code: str):
    assert given_up(names(ast.parse(code)), ROOT / "feed/new.py") == []


@pytest.mark.parametrize("text", ["// as told", 'say("told");', "<p>told {{ name }} told</p>{% if a %}each{% endif %}"])
def test_texts_and_comments_may_use_any_word(text: str):
    assert given_up(script_names(text), ROOT / "static/js/new.js") == []


def test_the_store_has_rows_and_no_books():
    assert given_up(names(ast.parse("book = 1")), ROOT / "feed/store/new.py")
