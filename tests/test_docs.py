"""What the documents promise."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
READ = re.compile(r'\benv_(?:text|bool|int|list)\(\s*"([A-Z_]+)"')


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
