"""XML to plain values under the JSON names, so that both become the same structs.

Attributes and child elements are fields alike; an element with text alone is that text; wrappers such as `Events` and
repeated elements such as `Score` are lists. A document type is refused outright, so there are no entities to expand or
fetch. Expat, not lxml: it hands over each element's attributes as a dict, so no second walk over a tree is needed.
"""

import re
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from feed.wire.errors import DecodeError, Limits
from feed.wire.formats.padded import PADDING
from feed.wire.limits import too_deep

#: Elements that hold a list and nothing else.
LISTS = frozenset(
    {
        "ActiveEvents",
        "Bets",
        "Competitions",
        "DangerTriggers",
        "Events",
        "ExtraData",
        "FixtureExtraData",
        "FixturePlayers",
        "Incidents",
        "LivescoreExtraData",
        "Markets",
        "ParticipantExtraData",
        "ParticipantResults",
        "Participants",
        "Periods",
        "PlayerStatistics",
        "Players",
        "ProviderMarkets",
        "Providers",
        "Results",
        "Statistics",
        "SubPeriods",
    }
)
#: Elements that may stand several times in their parent without such a wrapper, and the list that they make up.
REPEATED = {
    "ActiveEvent": "ActiveEvents",
    "Bet": "Bets",
    "Competition": "Competitions",
    "Event": "Events",
    "Market": "Markets",
    "Provider": "Providers",
    "Result": "Results",
    "Score": "Results",
}
#: The JSON name where the XML has another (docs/protocol.md, Extra data).
RENAMED = {("Participant", "ParticipantExtraData"): "ExtraData", ("Livescore", "ExtraData"): "LivescoreExtraData"}
#: Elements within a list that keep their names: the two lists of a substitution's players.
PAIRED = frozenset({"Item1", "Item2"})
#: Each of these names as LSports writes it, by the same in small letters.
SPELT = {name.lower(): name for name in (*LISTS, *REPEATED)}
#: Names of elements that are remembered.
SPELT_NAMES = 4096
#: How much of the message is shown before and after the place where it is not well-formed.
SHOWN_BYTES = 24

#: A declaration of two bytes a character, over bytes that are read one by one: LSports has declared UTF-16 over UTF-8.
WIDE = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?:utf-?16|utf-?32|ucs-?[24]|unicode)", re.IGNORECASE)

Node = dict[str, Any] | list[Any]


def read_xml(body: bytes, limits: Limits) -> dict[str, Any]:
    """The document as `{root element: its content}`. Raises DecodeError where it is not well-formed or has a DTD."""
    reader = Reader(limits)
    parser = expat.ParserCreate("utf-8" if WIDE.match(body) else None)
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.texts.append
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        if (inner := body.strip(PADDING)) != body:
            return read_xml(inner, limits)
        raise DecodeError("syntax", _syntax(error, body, parser.ErrorByteIndex)) from None
    except (LookupError, ValueError) as error:
        raise DecodeError("text", f"the message is in an encoding that cannot be read: {error}") from None
    return reader.root


def refuse_doctype(*doctype: object) -> None:
    raise DecodeError("dtd", "the message has a document type (DTD), which LSports never sends and could be an attack")


class Reader:
    """Builds the plain values while expat reads; `texts` is the text since the last tag."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.root: dict[str, Any] = {}
        self.nodes: list[Node] = [self.root]
        self.tags = [""]
        self.texts: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        parent, name = self.nodes[-1], REPEATED.get(tag)
        if name is None:
            tag = spelt(tag)
            name = REPEATED.get(tag) or self._name(tag, attributes)
        if len(self.nodes) > self.limits.max_depth:
            raise too_deep(self.limits)
        node: Node = attributes
        if isinstance(parent, list):
            parent.append({tag: node} if tag in PAIRED else node)
        elif tag in LISTS:
            node = _list_in(parent, name)
        elif name != tag:
            # Most elements are further bets: their list is begun already, and needs no call.
            begun = parent.get(name)
            (begun if isinstance(begun, list) else _list_in(parent, name)).append(node)
        elif parent.get(tag) is None:
            parent[tag] = node
        else:  # said twice: both are kept, so that nothing is lost unseen
            _list_in(parent, tag, parent[tag]).append(node)
        self.nodes.append(node)
        self.tags.append(tag)
        if self.texts:
            self.texts.clear()

    def end(self, _written: str) -> None:
        tag, node = self.tags.pop(), self.nodes.pop()
        text = ""
        if self.texts:
            text = "".join(self.texts).strip()
            self.texts.clear()
        if isinstance(node, list):
            if text and not node:
                node.append(text)
            return
        if not node:
            self._become(tag, text or None)
        elif text:
            node.setdefault("Value", text)

    def _name(self, tag: str, attributes: dict[str, str]) -> str:
        """The field that the element is, or is a part of, where it is not `REPEATED`."""
        if tag == "Value" and "Position" in attributes:
            return "Results"
        return RENAMED.get((self.tags[-1], tag), tag)

    def _become(self, tag: str, text: str | None) -> None:
        """The element that just ended has neither attributes nor children: it is its text."""
        parent, name = self.nodes[-1], REPEATED.get(tag, tag)
        if isinstance(parent, list):
            parent[-1] = {tag: text} if tag in PAIRED else text
        elif isinstance(parent[name], list):
            parent[name][-1] = text
        else:
            parent[name] = text


@lru_cache(maxsize=SPELT_NAMES)
def spelt(tag: str) -> str:
    """The element's name without a namespace's prefix; those of lists as LSports writes them, whatever the case."""
    name = tag.rpartition(":")[2]
    return SPELT.get(name.lower(), name)


def _list_in(parent: dict[str, Any], name: str, *first: Any) -> list[Any]:
    """The list under the name, begun with `first` where there is none."""
    found = parent.get(name)
    if not isinstance(found, list):
        found = parent[name] = list(first)
    return found


def _syntax(error: expat.ExpatError, body: bytes, index: int) -> str:
    near = body[max(0, index - SHOWN_BYTES) : index + SHOWN_BYTES].decode(errors="replace")
    what = expat.ErrorString(error.code)
    return f"the message is not well-formed XML: {what} at line {error.lineno}, column {error.offset}, in {near!r}"
