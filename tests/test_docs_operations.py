"""The operators' document says of every code, state, break and end of a recovery what it means."""

import re

import pytest

from feed.ingest import absence, lease, loop
from feed.recovery import recovering
from feed.store import epochs, heartbeat_chain
from feed.transport import losses
from feed.vouching import source_health
from feed.vouching.reasons import Reason
from packages_admin import source_expectation
from tests.test_docs import ROOT

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
MODULES = (absence, epochs, heartbeat_chain, lease, loop, losses, recovering, source_health, source_expectation)
#: What a module says is one of its constants that is a sentence; `{}` stands for what it fills in.
SENTENCES = sorted(
    {
        text
        for module in MODULES
        for name, text in vars(module).items()
        if name.isupper() and isinstance(text, str) and text.endswith(".")
    }
)
BLANK = re.compile(r"%\\?\(\w+\\?\)[sd](?:\\?\ ?%%)?")


@pytest.mark.parametrize("code", Reason)
def test_every_code_says_what_it_means_and_what_to_do(code: str) -> None:
    rows = [line for line in OPERATIONS.splitlines() if line.startswith(f"| `{code}` |")]
    assert len(rows) == 1
    assert all(cell.strip() for cell in rows[0].strip("|").split("|"))


def test_there_are_sentences() -> None:
    assert len(SENTENCES) > 20


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_of_a_source_is_explained(sentence: str) -> None:
    pattern = BLANK.sub(".{1,60}?", re.escape(sentence))
    assert [line for line in OPERATIONS.splitlines() if re.match(rf"\| `(?:[^|]*` / `)?[^|]*{pattern}", line)]
