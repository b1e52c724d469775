"""An invented language: each text of the desk in brackets, so that one which cannot be translated stands out."""

import re
import subprocess
import sys
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from exam.processes import ROOT, environment

LANGUAGE = "xx"
KEYWORDS = ("-k", "gettext_lazy", "-k", "gettext_noop", "-k", "ngettext_lazy:1,2")
DJANGO_FOLDER = Path(django.__file__).parent
#: Words on pages that are not translated: units of measure, names of formats and of the desk itself.
NO_WORDS = re.compile(r"\b(Livescore Desk|UTC|CSV|JSON|XML|p50|p95|p99|LSports)\b")
WORD = re.compile(r"[A-Za-z]{2,}")


def write_catalogues(folder: Path) -> None:
    """Compiled catalogues of the whole desk, and of Django, under `folder`/xx/LC_MESSAGES."""
    target = folder / LANGUAGE / "LC_MESSAGES"
    target.mkdir(parents=True)
    for domain in ("django", "djangojs"):
        template = folder / f"{domain}.pot"
        extract = ["-m", "babel.messages.frontend", "--quiet", "extract", "-F", f"locale/{domain}.cfg", *KEYWORDS]
        subprocess.run(
            [sys.executable, *extract, "-o", str(template), "."], cwd=ROOT, env=environment(PYTHONPATH="."), check=True
        )
        of_django = sorted(DJANGO_FOLDER.rglob(f"locale/en/LC_MESSAGES/{domain}.po"))
        with (target / f"{domain}.mo").open("wb") as compiled:
            write_mo(compiled, bracketed([template, *of_django]))


def bracketed(sources: list[Path]) -> Catalog:
    """Every text of these catalogues with itself in brackets as its translation."""
    catalog = Catalog(LANGUAGE, fuzzy=False)
    catalog._num_plurals, catalog._plural_expr = 2, "(n != 1)"  # Babel knows the plurals of real languages only
    for source in sources:
        with source.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    ids = message.id if isinstance(message.id, tuple) else (message.id,)
                    texts = tuple(f"⟦{text}⟧" for text in ids)
                    catalog.add(message.id, texts if len(texts) > 1 else texts[0], context=message.context)
    return catalog


def left_over(texts: list[str]) -> list[str]:
    """The texts, in their order, that have a word outside of all brackets; a translated text may span several."""
    depth, found = 0, []
    for text in texts:
        outside = []
        for letter in text:
            depth += letter == "⟦"
            if not depth:
                outside.append(letter)
            depth -= letter == "⟧"
        if WORD.search(NO_WORDS.sub("", "".join(outside))):
            found.append(" ".join(text.split()))
    return found
