"""A poisoned feed: hostile texts through the real wire into rows, and from there onto every page and socket."""

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import Any

import httpx
import lxml.html

from exam.processes import until

from . import poisons
from .report import Findings
from .sockets import page_socket, program_socket, topics_of
from .target import CSRF, Target

SOURCE = "127.0.0.12"
#: What no page of the desk has, wherever it is written.
FOREIGN = ("style", "iframe", "object", "embed", "base", "applet", "frame", poisons.ELEMENT)
ADDRESSES = ("href", "src", "action", "formaction", "hx-get", "hx-post", "poster", "xlink:href")
#: What turns the direction of all that follows in a line, beyond the text itself.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
RUN = re.compile(r"^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
#: Several such words, each letter as six bytes, still fit into the headers that are read of a stranger.
MOST_OF_ADDRESS = 300
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
OF_FIXTURES = ("", "markets/", "history/", "history.json", "history.csv", "spark.svg")
BOARDS = (
    "/",
    "/?show=all",
    "/competitions/",
    "/movers/",
    "/movers/lists/",
    "/attention/",
    "/reactions/",
    "/filters/",
    "/health/",
    "/alerts/",
    "/preferences/",
)
ADMIN = ("fixture", "feedsource", "rejectedmessage", "unknowncode")
REFLECTING = {
    "/": ("q", "show", "sport", "league", "zone"),
    "/filters/": ("q", "sport"),
    "/fixtures/7/": ("find", "open"),
    "/fixtures/7/history/": ("outcome", "line", "market", "of"),
    "/alerts/": ("fixture", "market"),
    "/sign_in/": ("next",),
    "/admin/": ("q",),
    "/admin/feed/fixture/": ("q", "e", "o"),
    "/admin/code/": ("next",),
    "/nowhere/": ("x",),
    "/api/v1/fixtures/": ("limit", "contents", "markets", "x"),
}


def run(target: Target, short: bool) -> Findings:
    findings = Findings("poison")
    texts = poisons.FEW if short else poisons.ALL
    publish(target, texts)
    seen = Seen(findings)
    with target.client(SOURCE) as client:

        def fetch(path: str, role: str = "trader", **params: Any) -> httpx.Response:
            answer = target.ask(client, role, "GET", path, params=params)
            seen.answer(f"{path} {params or ''}", answer)
            return answer

        pages(fetch, texts)
        for pk in rejected(fetch("/admin/feed/rejectedmessage/", "root").text, short):
            fetch(f"/admin/feed/rejectedmessage/{pk}/change/", "root")
        for (path, names), text in product(REFLECTING.items(), texts[:: 3 if short else 1]):
            fetch(path, "root", **dict.fromkeys(names, clean(text)[:MOST_OF_ADDRESS]))
        typed_in(target, client, texts[:: 3 if short else 1], seen)
        for path in (*BOARDS, "/fixtures/7/", "/admin/auth/user/", "/admin/packages_admin/packagecall/export/"):
            fetch(path, "root")
    frames(target, range(0, len(texts), 5 if short else 1), seen)
    for text in (text for text in texts if text in poisons.MARKUP):
        findings.check("every hostile text stands on a page, as text", text, text in seen.text, "was not found on any")
    return findings


def pages(fetch: Callable[..., httpx.Response], texts: Sequence[str]) -> None:
    """Every page that shows what the feed wrote."""
    for pk, text in enumerate(texts, poisons.FIRST):
        for part in OF_FIXTURES:
            fetch(f"/fixtures/{pk}/{part}")
        fetch(f"/fixtures/{pk}/history.csv", **outcome(pk, text))
        fetch(f"/api/v1/fixtures/{pk}/")
        fetch(f"/admin/feed/fixture/{pk}/change/", "root")
    for path in BOARDS:
        fetch(path)
    for model in ADMIN:
        fetch(f"/admin/feed/{model}/", "root")


def publish(target: Target, texts: Sequence[str]) -> None:
    """Through RabbitMQ and the consumer, and wait until the last one has a page."""
    for number, text in enumerate(texts):
        for kind, event in poisons.messages(number, text):
            target.feed.publish(kind, event)
        target.feed.broker.publish(*poisons.unreadable(text[:500]))
    target.feed.fixture(poisons.FIRST - 1)
    until(lambda: target.feed.broker.depth() == 0 and is_known(target, poisons.FIRST - 1), 60, "the poisoned feed")


def is_known(target: Target, pk: int) -> bool:
    with target.client(SOURCE) as client:
        return target.ask(client, "trader", "GET", f"/fixtures/{pk}/").status_code == 200


def outcome(pk: int, text: str) -> dict[str, Any]:
    """The address of the prices of a poisoned outcome."""
    readable = clean(text).replace("\0", "\N{REPLACEMENT CHARACTER}")
    return {"market": pk, "outcome": readable[:1000], "line": readable[:1000]}


def rejected(page: str, short: bool) -> list[str]:
    found = list(dict.fromkeys(re.findall(r"/admin/feed/rejectedmessage/(\d+)/change/", page)))
    return found[: 6 if short else 60]


def typed_in(target: Target, client: httpx.Client, texts: Sequence[str], seen: "Seen") -> None:
    """What people write, as they and others see it."""
    headers = {"Cookie": target.cookies("root"), "X-CSRFToken": CSRF}
    for text in texts:
        written = clean(text)[:400]
        forms = {
            "/fixtures/7/notes/": {"text": written},
            "/views/": {"name": written, "words": f"q={written}"},
            "/alerts/": {"name": written[:80], "kind": "incident", "outcome": written, "try": "1"},
            "/admin/auth/group/add/": {"name": written},
            "/admin/feed/subscribertoken/add/": {"name": written, "sports": written},
            "/admin/packages_admin/package/add/": {"name": written, "api_base": written, "amqp_host": written},
            "/preferences/": {"zone": written, "odds": written},
        }
        for path, fields in forms.items():
            seen.answer(f"POST {path} {fields}", client.post(path, data=fields, headers=headers))


def clean(text: str) -> str:
    """The text as a form can send it."""
    return text.encode(errors="replace").decode()


def frames(target: Target, numbers: Iterable[int], seen: "Seen") -> None:
    """What sockets of pages and of programs are sent of it."""
    address = target.addresses[0]
    with target.client(SOURCE) as client:
        for path in ("/?show=all", *(f"/fixtures/{poisons.FIRST + number}/" for number in numbers)):
            if not (topics := topics_of(target.ask(client, "trader", "GET", path).text)):
                continue  # half a character costs its whole message, so that fixture is not known
            got = page_socket(address, target.cookies("trader"), {"watch": dict.fromkeys(topics, "")}, source=SOURCE)
            seen.findings.check("a socket is sent its page's parts", path, bool(got.frames), got)
            for frame in got.frames:
                seen.html(f"frame of {path}", json.loads(frame)["content"])
    got = program_socket(address, target.tokens["all"], {"op": "subscribe"}, source=SOURCE)
    seen.findings.check("a socket is sent its page's parts", "stream", bool(got.frames), got)


class Seen:
    """What came back: each answer is looked through for what was not escaped."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.text = ""

    def answer(self, place: str, answer: httpx.Response) -> None:
        check = self.findings.check
        check("no page fails", place, answer.status_code < 500, f"{answer.status_code} {answer.text[-200:]}")
        kind = answer.headers.get("content-type", "")
        sniffed = answer.headers.get("x-content-type-options") == "nosniff" or not answer.content
        check("no browser guesses what an answer is", place, sniffed, dict(answer.headers))
        check("no text makes a header", place, "x=1" not in str(answer.headers.get("set-cookie")), answer.headers)
        if kind.startswith("text/html"):
            policy = answer.headers.get("content-security-policy", "")
            check("every page forbids scripts of others", place, "script-src 'self'" in policy, policy)
            self.html(place, answer.text)
        elif kind.startswith("text/csv"):
            self.sheet(place, answer.text)
        elif kind.startswith("application/json"):
            json.loads(answer.text)
        elif kind.startswith("image/svg"):
            check("nothing stands unescaped", place, poisons.ELEMENT not in answer.text, answer.text)

    def html(self, place: str, text: str) -> None:
        """A page or a part of one."""
        check = self.findings.check
        found = list(dict.fromkeys(strange(text)))
        check("nothing stands unescaped", place, not found, found)
        check("no template runs what a text says", place, poisons.PRODUCT not in text, "the product was computed")
        turned = TURNING.findall(text)
        check("no text turns what stands beside it", place, not turned, [ascii(letter) for letter in turned])
        raw = re.findall("[\0\x07\x1b]", text)
        check("no control character is sent", place, not raw, [ascii(letter) for letter in raw])
        self.text += html.unescape(text)

    def sheet(self, place: str, text: str) -> None:
        """A CSV file, divided as each spreadsheet may divide it."""
        for separator in ",;\t|":
            cells = [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]
            run = [cell for cell in cells if RUN.match(cell) and not NUMBER.fullmatch(cell.strip())]
            self.findings.check("no cell is run by a spreadsheet", f"{place} by {separator!r}", not run, run)


def strange(text: str) -> Iterator[str]:
    """What a parser finds in a page that no template of ours has."""
    if not text.strip():
        return
    # A frame's parts lie in hx-partial elements of the desk's own.
    for element in lxml.html.fromstring(f"<div>{text}</div>" if "<html" not in text[:200] else text).iter():
        tag = element.tag if isinstance(element.tag, str) else ""
        names = {str(name): str(value) for name, value in element.attrib.items()} if tag else {}
        if tag in FOREIGN or (tag == "script" and not names.get("src", "").startswith("/") and element.text):
            yield f"<{tag}> {element.text!r}"
        if tag == "meta" and "http-equiv" in names:
            yield "<meta http-equiv>"
        yield from (f"{tag} {name}" for name in names if name.startswith("on") or poisons.ATTRIBUTE in name)
        for name in ADDRESSES:
            if (where := names.get(name, "")) and not is_ours(where):
                yield f"{tag} {name}={where}"


def is_ours(where: str) -> bool:
    """A link within the desk, or a picture that stands in the page itself."""
    return where.startswith(("/", "?", "#", "./", "../", "data:image/")) and not where.startswith(("//", "/\\"))
