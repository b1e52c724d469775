"""What the documents about security say: every requirement answered, every test that they name there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "SECURITY.md", ROOT / "docs" / "security.md", *sorted((ROOT / "docs" / "security").glob("*.md"))]
ASVS = (ROOT / "docs" / "security" / "asvs.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(test_\w+)`")
#: How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; in each they are numbered from 1.
SECTIONS = """
1.1 2, 1.2 9, 1.3 11, 1.4 3, 1.5 2, 2.1 3, 2.2 3, 2.3 4, 2.4 1, 3.2 2, 3.3 4, 3.4 6, 3.5 5, 3.7 2, 4.1 3, 4.2 1, 4.3 2,
4.4 4, 5.1 1, 5.2 3, 5.3 2, 5.4 3, 6.1 3, 6.2 12, 6.3 4, 6.4 4, 6.5 5, 6.6 3, 6.8 4, 7.1 3, 7.2 4, 7.3 2, 7.4 5, 7.5 2,
7.6 2, 8.1 2, 8.2 3, 8.3 1, 8.4 1, 9.1 3, 9.2 4, 10.1 2, 10.2 2, 10.3 4, 10.4 11, 10.5 5, 10.6 2, 10.7 3, 11.1 2,
11.2 3, 11.3 3, 11.4 4, 11.5 1, 11.6 1, 12.1 3, 12.2 2, 12.3 4, 13.1 1, 13.2 5, 13.3 2, 13.4 5, 14.1 2, 14.2 4, 14.3 3,
15.1 3, 15.2 3, 15.3 7, 16.1 1, 16.2 5, 16.3 4, 16.4 3, 16.5 3, 17.1 1, 17.2 4, 17.3 2
"""
ROW = re.compile(r"^\| (\d[\d., -]*) \| (.+?) \| (Held|In part|Not held|Does not apply)(.*) \|$", re.MULTILINE)


def required() -> list[str]:
    sections = [entry.split() for entry in SECTIONS.replace("\n", " ").split(",")]
    return [f"{section}.{number}" for section, most in sections for number in range(1, int(most) + 1)]


def numbers(cell: str) -> list[str]:
    """ "1.2.6-8" as its three numbers."""
    found = []
    for part in cell.split(", "):
        section, _, span = part.strip().rpartition(".")
        first, _, last = span.partition("-")
        found += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def test_every_requirement_of_levels_1_and_2_is_answered_once():
    answered = [number for cell, *_ in ROW.findall(ASVS) for number in numbers(cell)]
    assert len(required()) == 253
    assert sorted(answered) == sorted(required())


def test_every_answer_names_a_test_or_says_why():
    assert [cell for cell, _, _, why in ROW.findall(ASVS) if not NAMED.search(why) and len(why) < 6] == []
    assert len(re.findall(r"^\| \d", ASVS, re.MULTILINE)) == len(ROW.findall(ASVS))


def test_the_counts_at_the_end_are_those_of_the_table():
    counts = dict.fromkeys(("Held", "In part", "Not held", "Does not apply"), 0)
    for cell, _, answer, _ in ROW.findall(ASVS):
        counts[answer] += len(numbers(cell))
    words = ", ".join(f"{answer.lower()} {count}" for answer, count in counts.items())
    assert f"253 requirements: {words}." in ASVS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_that_is_named_is_there(document: Path):
    there = {
        name
        for path in (ROOT / "tests").glob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert sorted(set(NAMED.findall(document.read_text(encoding="utf-8"))) - there) == []
