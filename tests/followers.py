"""A page and a program at the ends of their sockets, in memory: what each was sent, put together as it would."""

import asyncio
import json
import re
from random import Random
from typing import Any

import jsonschema_rs
from lxml import html as lxml_html

from exam.program import load_example
from feed.live.hub.hub import Hub
from feed.live.page import Page
from feed.live.parts.registry import parse_topic
from feed.live.programs.messages import parse_message
from feed.live.programs.program import Program
from feed.models import SubscriberToken
from tests.api_documents import ASYNCAPI

PARTIAL = re.compile(r'<hx-partial hx-target="#([\w-]+)"[^>]*>(.*?)</hx-partial>', re.DOTALL)


example = load_example()
#: What a program may be told. Each message is held to it, so by the quicker library.
FROM_DESK = jsonschema_rs.Draft202012Validator({**ASYNCAPI, "$ref": "#/components/schemas/FromDesk"})


def element(html: str) -> Any:
    """The one element that a fragment is."""
    (found,) = [node for node in lxml_html.fragments_fromstring(html.strip()) if not isinstance(node, str)]
    return found


def canonical(node: Any) -> str:
    """The element as text, without what spaces and the order of attributes do not mean."""
    attributes = "".join(f' {name}="{value}"' for name, value in sorted(node.attrib.items()))
    inside = (node.text or "").strip() + "".join(canonical(child) + (child.tail or "").strip() for child in node)
    return f"<{node.tag}{attributes}>{inside}</{node.tag}>"


class Following:
    """What both have: frames come, may come twice, may be left unacknowledged; the connection may be cut."""

    def __init__(self, hub: Hub, rng: Random) -> None:
        self.hub = hub
        self.rng = rng
        self.watcher: Any = None
        self.frames = 0
        self.is_asleep = False

    def cut(self) -> None:
        """The connection is gone; the hub learns of it."""
        if self.watcher is not None:
            self.hub.leave(self.watcher)
            self.watcher = None

    async def close(self, code: int, words: str) -> None:
        self.cut()

    def acknowledge(self) -> None:
        if not self.is_asleep and self.watcher is not None:
            self.hub.acked(self.watcher, self.frames)


class ModelPage(Following):
    """A page's DOM: elements by their id, as htmx and arrange.js leave them."""

    def __init__(self, hub: Hub, rng: Random, fragments: list[str]) -> None:
        super().__init__(hub, rng)
        self.body = element("<main></main>")
        for html in fragments:
            self.body.append(element(html))

    def connect(self) -> None:
        self.frames = 0
        connection: list[Page] = []

        async def send(text: str) -> None:
            if self.watcher is connection[0]:
                self.receive(json.loads(text))

        connection.append(Page(send, self.close))
        self.watcher = connection[0]
        self.watch()

    def shown(self) -> dict[str, str]:
        return {node.get("data-topic"): node.get("data-version") for node in self.body.xpath(".//*[@data-topic]")}

    def watch(self) -> None:
        self.hub.watch(self.watcher, {parse_topic(name): version for name, version in self.shown().items()})

    def fetched(self, html: str) -> None:
        """A fragment that the page asked for by a request of its own has come, as old as it is."""
        node = element(html)
        self.replace(node.get("id"), node)
        if self.watcher is not None:
            self.hub.leave(self.watcher)
            self.watch()

    def ask(self, element_id: str, topic: str) -> None:
        """The reader wants a list otherwise; the socket is to bring it."""
        self.found(element_id).set("data-topic", topic)
        self.found(element_id).set("data-version", "")
        if self.watcher is not None:
            self.watch()

    def receive(self, frame: dict[str, Any]) -> None:
        if "content" not in frame:
            return
        for _ in range(self.rng.choice((1, 1, 1, 2))):
            for outline in frame.get("outlines", []):
                self.arrange(element(outline))
            for target, inner in PARTIAL.findall(frame["content"]):
                self.replace(target, element(inner))
        self.frames += 1
        asyncio.get_running_loop().call_soon(self.go_on)

    def go_on(self) -> None:
        if self.watcher is not None:
            self.watch()
            self.acknowledge()

    def found(self, element_id: str) -> Any:
        return next(iter(self.body.xpath(".//*[@id=$id]", id=element_id)), None)

    def replace(self, target: str, node: Any) -> None:
        if (live := self.found(target)) is not None:
            node.tail = live.tail
            live.getparent().replace(live, node)

    def arrange(self, outline: Any) -> None:
        for place in outline.xpath(".//*[@data-topic][@data-version='']"):
            live = self.found(place.get("id"))
            if live is not None and live.get("data-version") and live.get("data-topic") == place.get("data-topic"):
                tail = place.tail
                place.getparent().replace(place, live)
                live.tail = tail
        self.replace(outline.get("id"), outline)

    def dom(self) -> dict[str, str]:
        """Each top element, canonical."""
        return {node.get("data-topic"): canonical(node) for node in self.body}


class ModelProgram(Following):
    """A program as docs/examples/stream_client.py is, without its socket."""

    def __init__(self, hub: Hub, rng: Random, token: SubscriberToken, **wanted: Any) -> None:
        super().__init__(hub, rng)
        self.token = token
        self.follower = example.Follower("", "", **wanted)

    def connect(self) -> None:
        self.frames = 0
        connection: list[Program] = []

        async def send(text: str) -> None:
            if self.watcher is connection[0]:
                self.receive(json.loads(text))

        connection.append(Program(self.hub, self.token, "epoch", send, self.close))
        self.watcher = connection[0]
        self.hub.watch(self.watcher, {})
        request = json.dumps({"op": "subscribe", **self.follower.wanted, **self.follower.since()})
        self.watcher.subscribe(parse_message(request))

    def receive(self, message: dict[str, Any]) -> None:
        FROM_DESK.validate(message)
        self.follower.take(message)
        if "n" in message:
            assert message["n"] == self.frames + 1, "a message was lost or came out of order"
            self.frames = message["n"]
            asyncio.get_running_loop().call_soon(self.acknowledge)
