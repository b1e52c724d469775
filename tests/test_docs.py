"""What the documents promise."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
READ = re.compile(r'\benv_(?:text|bool|int|list|language|choice|address)\(\s*"([A-Z_]+)"')


def variables() -> set[str]:
    """Every environment variable that the settings read."""
    texts = ((ROOT / "livescore_site" / name).read_text() for name in ("settings.py", "key_files.py"))
    return {name for text in texts for name in READ.findall(text)}


def test_every_setting_is_in_the_readme_and_none_that_is_not_read():
    table = README.partition("## Settings")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    documented = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])}
    assert documented == variables()


@pytest.mark.parametrize("document", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda p: p.name)
def test_every_link_in_the_documents_leads_somewhere(document: Path):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
    assert not [link for link in links if not (document.parent / link).exists()]


@pytest.mark.parametrize("target", ["run", "test"])
def test_the_readmes_commands_are_in_the_makefile(target: str):
    assert f"make {target} " in README
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


FEATURES = (ROOT / "docs" / "features.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d\d) \| (.+?) \| (done|not)(.*?) \| (.*?) ?\|$", re.MULTILINE)
TEST = re.compile(r"`tests/(test_\w+\.py)(?:::(test_\w+))?`")


def test_every_trader_feature_of_the_comparison_is_done_with_a_test_or_not_with_a_reason():
    rows = ROW.findall(FEATURES)
    assert [int(number) for number, *_ in rows] == list(range(44, 67))
    for number, _, state, why, shown in rows:
        assert TEST.search(shown) if state == "done" else len(why) > 20, number


def test_every_test_that_a_document_names_is_there():
    named = {(path.name, *test) for path in (ROOT / "docs").glob("*.md") for test in TEST.findall(path.read_text())}
    assert len(named) > 40
    for document, file, test in named:
        path = ROOT / "tests" / file
        assert path.is_file(), f"{document} names {file}"
        assert not test or re.search(rf"^(?:async )?def {test}\(", path.read_text(), re.MULTILINE), (
            f"{document}: {test}"
        )


def test_every_sentence_of_a_part_names_its_test():
    parts = FEATURES.partition("## Part by part")[2]
    lines = [line for line in parts.splitlines() if line.startswith("| ") and not line.startswith("| what")]
    assert len(lines) > 40
    assert [line for line in lines if not TEST.search(line) and "not: " not in line] == []


HEADINGS = set(re.findall(r"^#+ (.+)$", (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8"), re.MULTILINE))
CITATION = re.compile(r"docs/protocol\.md, ([A-Z][\w&' -]*[\w])")
FOLDERS = ("accounts", "alarms", "bench", "docs", "exam", "feed", "livescore_site", "packages_admin", "sandbox")
SOURCES = [
    path
    for folder in (*FOLDERS, "webhooks", "tests")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".md") and path.name != "test_docs.py"
]


def test_every_citation_of_the_protocol_names_a_heading():
    texts = {path: re.sub(r"\s*\n#?:? *", " ", path.read_text(encoding="utf-8")) for path in SOURCES}
    cited = {(path.name, heading) for path, text in texts.items() for heading in CITATION.findall(text)}
    assert len(cited) > 40
    strays = {(name, heading) for name, heading in cited if not any(heading.startswith(known) for known in HEADINGS)}
    assert strays == set()


def test_nothing_is_cited_that_is_not_in_the_repository():
    foreign = re.compile(r"\bseed 0\d\d\b|(?<!docs/)(?<!`)\bprotocol\.md\b")
    lines = {
        f"{path.name}: {line.strip()}"
        for path in SOURCES
        for line in path.read_text(encoding="utf-8").splitlines()
        if foreign.search(line)
    }
    assert lines == set()


ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
PLACED = "accounts|alarms|attack|bench|deploy|docs|exam|feed|livescore_site|locale|packages_admin|sandbox|static|supply"
PLACED += "|templates|tests|webhooks"
#: Folders whose names are Python's or Django's, or words of everyday use.
PLAIN_NAMES = frozenset({"accounts", "admin", "api", "codes", "database", "docs", "management", "migrations", "models"})
PLAIN_NAMES |= {"livescore_site", "operations", "packages_admin", "pages", "tests"}
PLACE = re.compile(rf"`((?:{PLACED})/[\w./]*)`")


def test_every_place_that_the_architecture_names_is_there():
    places = PLACE.findall(ARCHITECTURE)
    assert len(places) > 40
    assert [place for place in places if not (ROOT / place).exists()] == []


def rooms() -> list[str]:
    """The folders that have modules of ours, like `feed/live/parts`; without those that Django names."""
    folders = {path.parent.relative_to(ROOT) for top in PLACED.split("|") for path in (ROOT / top).rglob("*.py")}
    plain = {"commands", "en", "management", "migrations", "node_modules"}
    return sorted(folder.as_posix() for folder in folders if not plain & set(folder.parts))


def is_named(room: str) -> bool:
    """Whether the architecture names it whole, or by its own name in a line about a folder around it."""
    name = f"`{room.rpartition('/')[2]}/`"
    about = (line for line in ARCHITECTURE.splitlines() if any(map(f"{room}/".startswith, PLACE.findall(line))))
    return f"`{room}/`" in ARCHITECTURE or any(name in line for line in about)


def test_the_architecture_names_every_room():
    assert len(rooms()) > 50
    assert [room for room in rooms() if room != "feed" and not is_named(room)] == []


def test_the_glossary_has_the_name_of_every_app_and_of_every_room_of_the_feed():
    words = {room.removeprefix("feed/") for room in rooms()} - PLAIN_NAMES - {"feed"}
    wanted = sorted(word for word in words if "/" not in word)
    assert len(wanted) >= 20
    assert [word for word in wanted if not re.search(rf"\*\*{word.removesuffix('s')}s?\*\*", GLOSSARY)] == []
