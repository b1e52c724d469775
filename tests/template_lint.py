"""Templates that people can read: no long line, and one attribute on each line of a tag with many (`make lint`)."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
MOST_CHARACTERS = 140
MOST_ATTRIBUTES = 3  #: in one line
EMBEDDED = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
START_TAG = re.compile(r"""<[A-Za-z][\w:-]*((?:[^<>"]|"[^"]*")*)>""")
ATTRIBUTE = re.compile(r'[\w:-]+(?:="[^"]*")?')


def faults(source: str) -> Iterator[tuple[int, str]]:
    """The line and the reason of each thing in a template's source that is hard to read."""
    for number, line in enumerate(source.splitlines(), 1):
        if len(line) > MOST_CHARACTERS:
            yield number, f"{len(line)} characters, more than {MOST_CHARACTERS}"
    markup = EMBEDDED.sub(lambda match: "\n" * match[0].count("\n"), source)
    for tag in START_TAG.finditer(markup):
        attributes = ATTRIBUTE.findall(tag[1])
        lines = [line for line in re.sub(r'"[^"]*"', '""', tag[1]).splitlines() if line.strip()]
        if len(attributes) > MOST_ATTRIBUTES and len(lines) < len(attributes):
            yield markup.count("\n", 0, tag.start()) + 1, f"{len(attributes)} attributes: write one on each line"


def main() -> int:
    """Print the faults of all templates; the exit code says whether there are any."""
    found = [
        f"{path.relative_to(TEMPLATES.parent)}:{number}: {reason}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for number, reason in faults(path.read_text(encoding="utf-8"))
    ]
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
