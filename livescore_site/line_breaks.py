"""Line breaks that a template has for its own readers and that no browser needs: taken out when it is compiled.

Rows are pushed over sockets, so a template with one attribute on each line must not send more than one with a single
long line. What a browser shows stays the same: beside an element that has a line of its own (`div`, `td`) a line break
shows nothing and goes; between words and inline elements (`span`, `a`) it is one space. A statement (`{% if %}`) that
has a line to itself leaves nothing. `{%-` and `-%}` take a space out, as always.
"""

import re
from collections.abc import Iterator

from jinja2.ext import Extension

#: Elements beside which white space shows nothing.
BLOCK_NAMES = """
article aside body br caption circle col colgroup dd details dialog div dl dt fieldset footer form g h1 h2 h3 h4
h5 h6 head header html hx-partial legend li line link main meta nav ol optgroup option p path pre rect script
section style summary table tbody td tfoot th thead title tr ul
"""
BLOCKS = frozenset(BLOCK_NAMES.split())
TOKEN = re.compile(
    r"""
    (?P<comment>\{\#.*?\#\}) | (?P<statement>\{%.*?%\}) | (?P<expression>\{\{.*?\}\})
    | (?P<verbatim><(?P<element>pre|script|style|textarea)\b.*?</(?P=element)>)
    | <!--.*?--> | </?(?P<name>[A-Za-z][\w:-]*) | (?P<end>/?>) | (?P<quote>") | (?P<gap>\s*\n\s*) | [^\s{<>"/]+ | .
    """,
    re.VERBOSE | re.DOTALL,
)
#: In a tag: a gap before these is no separator, for what follows brings its own.
NEEDS_NO_SPACE = re.compile(r'(\{%.*?%\})*(\s|/?>|"|\Z)', re.DOTALL)


class LineBreaks(Extension):
    """Compiles templates without their line breaks; an error still names the right line."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return "".join(LineJoiner(source))


class LineJoiner:
    """Iterates over the pieces of a template; a gap becomes a comment with as many lines and at most a space."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tag = ""  #: the element in whose tag this is, or ""
        self.is_quoted = False
        self.is_beside_block = True  #: what was last is the tag of a block, or a statement with a line to itself
        self.is_line_start = True
        self.strips = False  #: what was last ends with `-%}` or the like

    def __iter__(self) -> Iterator[str]:
        for token in TOKEN.finditer(self.source):
            if token["gap"]:
                yield "{#" + "\n" * token[0].count("\n") + "#}" + " " * self.shows_space(token.end())
                self.is_line_start = True
            else:
                yield token[0]
                self.pass_by(token)

    def shows_space(self, end: int) -> bool:
        """Whether a gap shows, given where it ends."""
        if self.strips or self.source.startswith(("{%-", "{{-", "{#-"), end):
            return False
        if self.tag:
            return not NEEDS_NO_SPACE.match(self.source, end)
        following = TOKEN.match(self.source, end)
        return not (self.is_beside_block or following is None or following["name"] in BLOCKS or following["verbatim"])

    def pass_by(self, token: re.Match[str]) -> None:
        """Remember what the next gap depends on."""
        self.strips = token[0].endswith(("-%}", "-}}", "-#}"))
        if token["statement"] or token["comment"]:
            self.is_beside_block |= self.is_line_start
            return
        self.is_line_start = False
        if token["quote"] and self.tag:
            self.is_quoted = not self.is_quoted
        elif token["name"] and not self.tag:
            self.tag = token["name"]
        elif token["end"] and self.tag and not self.is_quoted:
            self.is_beside_block, self.tag = self.tag in BLOCKS, ""
        elif not self.tag:
            self.is_beside_block = bool(token["verbatim"])
