"""What the documents promise."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
READ = re.compile(r'\benv_(?:text|bool|int|list|language)\(\s*"([A-Z_]+)"')


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
