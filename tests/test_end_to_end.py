"""From RabbitMQ to a page's socket through real processes: consume_feed, PostgreSQL, Redis, Daphne."""

import json
import secrets
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pika
import pytest
from django.core.management import call_command
from django.test import Client
from websockets.sync.client import connect

from exam.processes import Desk, desk, sign_in
from tests.rows import make_trader

PASSWORD = "a long enough word"


def message(type_: int, guid: str, event: dict[str, Any]) -> bytes:
    header = {"Type": type_, "MsgSeq": 1, "MsgGuid": guid, "ServerTimestamp": 1_795_291_200_000}
    return json.dumps({"Header": header, "Body": {"Events": [{"FixtureId": 11113180, **event}]}}).encode()


FIXTURE = {
    "Fixture": {
        "Sport": {"Id": 6046, "Name": "Football"},
        "Location": {"Id": 243, "Name": "England"},
        "League": {"Id": 67, "Name": "First League"},
        "StartDate": "2026-11-21T19:00:00Z",
        "LastUpdate": "2026-11-21T19:00:00.1234567Z",
        "Status": 2,
        "Participants": [
            {"Id": 2, "Name": "Southport", "Position": "2"},
            {"Id": 1, "Name": "Northfield", "Position": "1"},
        ],
    }
}


def market(price: str, second: int) -> dict[str, Any]:
    bet = {"Id": 30713932511113180, "Name": "1", "Status": 1, "Price": price}
    bet["LastUpdate"] = f"2026-11-21T19:30:{second:02d}Z"
    return {"Markets": [{"Id": 1, "Name": "1X2", "ProviderMarkets": [{"Id": 8, "Name": "Bet Eight", "Bets": [bet]}]}]}


class Queue:
    """A queue of the real broker, for one test."""

    def __init__(self, url: str) -> None:
        self.name = f"desk-test-{secrets.token_hex(4)}"
        self.connection = pika.BlockingConnection(pika.URLParameters(url))
        self.channel = self.connection.channel()
        self.channel.queue_declare(self.name)

    def send(self, body: bytes) -> None:
        self.channel.basic_publish("", self.name, body)

    def close(self) -> None:
        self.channel.queue_delete(self.name)
        self.connection.close()


@pytest.fixture
def queue(amqp_url: str) -> Iterator[Queue]:
    queue = Queue(amqp_url)
    yield queue
    queue.close()


@pytest.fixture
def running(own_postgresql_url: str, redis_url: str, amqp_url: str, queue: Queue) -> Iterator[Desk]:
    prefix = f"desk-test-{secrets.token_hex(4)}"
    settings = {"DATABASE_URL": own_postgresql_url, "REDIS_URL": redis_url, "REDIS_PREFIX": prefix}
    with desk(**settings, AMQP_URL=amqp_url, AMQP_QUEUE=queue.name) as made:
        made.env["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
        made.run("createsuperuser", "--noinput", "--username", "ann", "--email", "ann@example.com")
        yield made


def test_a_message_from_the_broker_reaches_the_socket_of_an_open_page(running: Desk, queue: Queue):
    address = running.serve()
    running.start("manage.py", "consume_feed")
    queue.send(message(1, "a", FIXTURE))
    queue.send(message(3, "b", market("2.1", 0)))
    cookies = sign_in(address, "ann", PASSWORD)
    headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in cookies.items()), "Origin": address}
    with connect(address.replace("http", "ws") + "/ws/v1/pages/", additional_headers=headers) as socket:
        socket.send(json.dumps({"watch": {"row:11113180": "", "board": ""}}))
        assert "Northfield" in next_with(socket, "2.10")
        queue.send(message(3, "c", market("2.35", 1)))
        assert 'data-move="up"' in next_with(socket, "2.35")


def next_with(socket: Any, text: str) -> str:
    """The next frame that has the text in it."""
    while True:
        frame = json.loads(socket.recv(timeout=20))
        if text in frame.get("content", ""):
            return frame["content"]


@pytest.mark.django_db(transaction=True)
def test_the_sample_messages_of_each_type_show_their_fixtures_on_the_board(samples: Path, client: Client):
    call_command("replay_feed", *sorted(map(str, samples.glob("*.json"))), "--speed", "max", stdout=StringIO())
    client.force_login(make_trader())
    board = client.get("/").content.decode()
    for name in ("AC Milan (james)", "Uni Lions", "Republic of the Congo", "Al-Muharaq", "Germany", "Andy Murray"):
        assert name in board
