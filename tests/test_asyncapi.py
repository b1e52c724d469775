"""docs/asyncapi.yaml says what the stream does: its examples fit it, and so does what is really sent."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from jsonschema import Draft202012Validator

from feed.live.stream_messages import understood
from feed.models import Fixture
from tests.test_stream import Connect, connect, fixture, follow, hint, move, secret  # noqa: F401 - fixtures

PATH = Path(__file__).resolve().parent.parent / "docs" / "asyncapi.yaml"
DESCRIPTION = yaml.safe_load(PATH.read_text(encoding="utf-8"))
MESSAGES = DESCRIPTION["components"]["messages"]
SAID = ("subscribe", "ack")


def validator(name: str) -> Draft202012Validator:
    """Checks a payload against the schema of the message."""
    return Draft202012Validator({**DESCRIPTION, "$ref": f"#/components/messages/{name}/payload"})


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [each for value in node.values() for each in references(value)]
    return [each for value in node for each in references(value)] if isinstance(node, list) else []


def test_it_is_an_asyncapi_3_document():
    assert DESCRIPTION["asyncapi"] == "3.0.0"
    assert {"info", "servers", "channels", "operations", "components"} <= DESCRIPTION.keys()


@pytest.mark.parametrize("reference", sorted(set(references(DESCRIPTION))))
def test_every_reference_leads_somewhere(reference: str):
    node = DESCRIPTION
    for word in reference.removeprefix("#/").split("/"):
        node = node[word]


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_is_on_the_channel_and_in_one_operation(name: str):
    assert name in DESCRIPTION["channels"]["stream"]["messages"]
    operation = DESCRIPTION["operations"]["say" if name in SAID else "tell"]
    assert {"$ref": f"#/channels/stream/messages/{name}"} in operation["messages"]


@pytest.mark.parametrize(
    ("name", "payload"), [(name, each["payload"]) for name, message in MESSAGES.items() for each in message["examples"]]
)
def test_every_example_fits_its_schema(name: str, payload: dict[str, Any]):
    Draft202012Validator.check_schema(MESSAGES[name]["payload"])
    validator(name).validate(payload)


@pytest.mark.parametrize("payload", [each["payload"] for name in SAID for each in MESSAGES[name]["examples"]])
def test_what_the_examples_say_is_understood(payload: dict[str, Any]):
    assert understood(json.dumps(payload))


@pytest.mark.django_db(transaction=True)
async def test_what_is_really_sent_fits_it(connect: Connect, secret: str, fixture: Fixture):  # noqa: F811
    client = await connect(secret)
    heard = [await client.hear()]
    await client.say(op="subscribe", since={"view": "another", "fixtures": {"8": 1}})
    while heard[-1]["type"] != "current":
        heard.append(await client.hear())
    await move("2.5")
    hint()
    heard.append(await client.hear("changes"))
    await client.say(op="subscribe", contents="some")
    heard.append(await client.hear("error"))
    for message in heard:
        validator(message["type"]).validate(message)
    types = {message["type"] for message in heard}
    assert types >= {"hello", "selection", "snapshot", "changes", "feed", "snapshot_required", "current", "error"}


def test_it_and_the_page_for_people_are_open_to_everybody(client: Client):
    assert client.get("/docs/asyncapi.yaml").content == PATH.read_bytes()
    page = client.get("/docs/stream/").content.decode()
    for name in MESSAGES:
        assert name in page
