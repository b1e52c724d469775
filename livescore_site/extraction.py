"""For `make messages`: how Babel finds the texts where its own extractors cannot (locale/django.cfg names these)."""

import importlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
Found = tuple[int, str | None, Any, Any]


def django_template(file: BinaryIO, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """The texts of a Django template, which Django itself turns into something like Python.

    In brackets, so that the indentation of the template means nothing.
    """
    source = f"({templatize(file.read().decode())})"
    for line, function, found, _ in extract_python(BytesIO(source.encode()), keywords, comment_tags, options):
        yield line, str(function), found, []


def codes(file: BinaryIO, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """The names in a module's tables of LSports' numbers."""
    path = Path(file.name).resolve().relative_to(ROOT)
    module = importlib.import_module(".".join(path.with_suffix("").parts))
    for name in sorted(vars(module)):
        if name.isupper():
            yield from ((1, None, text, []) for text in texts(getattr(module, name)))


def texts(value: Any) -> Iterator[str]:
    """The texts in a table, or in a table of tables."""
    if isinstance(value, dict):
        for entry in value.values():
            yield from [entry] if isinstance(entry, str) else texts(entry)
