"""docs/asyncapi.yaml says what the stream does: its examples fit it, and so does what is really sent."""

import json
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from feed.live import running
from feed.live.programs import deltas
from feed.live.programs.messages import parse_message
from feed.live.running import running_hub
from feed.models import Fixture
from tests.api_documents import ASYNCAPI, DOCS, FROM_PROGRAMS, MESSAGES, message_validator, references
from tests.stream_client import Connect, connect, fixture, hint, move, secret  # noqa: F401 - fixtures


def test_it_is_an_asyncapi_3_document():
    assert ASYNCAPI["asyncapi"] == "3.1.0"
    assert {"info", "servers", "channels", "operations", "components"} <= ASYNCAPI.keys()


@pytest.mark.parametrize("reference", sorted(set(references(ASYNCAPI))))
def test_every_reference_leads_somewhere(reference: str):
    node = ASYNCAPI
    for word in reference.removeprefix("#/").split("/"):
        node = node[word]


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_is_on_the_channel_and_in_one_operation(name: str):
    assert name in ASYNCAPI["channels"]["stream"]["messages"]
    operation = ASYNCAPI["operations"]["say" if name in FROM_PROGRAMS else "tell"]
    assert {"$ref": f"#/channels/stream/messages/{name}"} in operation["messages"]


@pytest.mark.parametrize(
    ("name", "payload"),
    [(name, example["payload"]) for name, message in MESSAGES.items() for example in message["examples"]],
)
def test_every_example_fits_its_schema(name: str, payload: dict[str, Any]):
    Draft202012Validator.check_schema(MESSAGES[name]["payload"])
    message_validator(name).validate(payload)


@pytest.mark.parametrize(
    "payload", [example["payload"] for name in FROM_PROGRAMS for example in MESSAGES[name]["examples"]]
)
def test_what_the_examples_say_is_parse_message(payload: dict[str, Any]):
    assert parse_message(json.dumps(payload))


@pytest.mark.django_db(transaction=True)
async def test_every_kind_of_message_is_really_sent_and_fits(
    connect: Connect,  # noqa: F811
    secret: str,  # noqa: F811
    fixture: Fixture,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    client = await connect(secret)
    messages = [await client.hear()]

    async def hear(kind: str) -> None:
        while messages[-1]["type"] != kind:
            messages.append(await client.hear())

    await client.say(op="subscribe", since={"view": "another", "fixtures": {"8": 1}})
    await hear("current")
    await move("2.5")
    hint()
    await hear("changes")
    running_hub().beat()
    await hear("heartbeat")
    with monkeypatch.context() as broken:
        broken.setattr(deltas, "fixture_change", lambda *_, **__: 1 // 0)
        await move("2.6")
        hint()
        await hear("unreadable")
    await client.say(op="subscribe", leagues=[1])
    await hear("gone")
    other = await connect(secret)
    await other.say(op="subscribe", contents="some")
    messages.append(await other.hear("error"))
    await running.goodbye(running_hub())
    await hear("restart")
    for message in messages:
        message_validator(message["type"]).validate(message)
    assert {message["type"] for message in messages} == set(MESSAGES) - set(FROM_PROGRAMS)


def test_it_and_the_page_for_people_are_open_to_everybody(client: Client):
    assert client.get("/docs/asyncapi.yaml").content == (DOCS / "asyncapi.yaml").read_bytes()
    page = client.get("/docs/stream/").content.decode()
    for name in MESSAGES:
        assert name in page
