"""`manage.py sandbox`: to a real RabbitMQ, into recordings, with its API; and what it says when it cannot."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any, cast

import httpx
import pika
import pytest
from django.core.management import CommandError, call_command

from feed.transport.recording import Recording
from feed.wire import decode
from sandbox.broker import QUEUE_LIMITS, Broker, BrokerRefused
from sandbox.faults import Faults
from sandbox.outgoing import Feed, Outgoing
from sandbox.packages import Package
from sandbox.relay import Relay

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = 990_000 + os.getpid() % 10_000
HALF_A_MINUTE = ("--fast", "--duration", "30", "--start", "2026-01-10T15:00")


def sandbox(*arguments: str) -> str:
    """Run the command here; what it said."""
    output = StringIO()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        call_command("sandbox", *arguments, stdout=output)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return output.getvalue()


@pytest.mark.parametrize("name", ["hour.jsonl", "hour.jsonl.zst"])
def test_a_recording_is_made_quickly_and_plays(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    output = sandbox("--record", str(path), "--fixtures", "12", *HALF_A_MINUTE)
    count = int(re.search(r"Sent ([\d,]+) messages", output)[1].replace(",", ""))  # type: ignore[index]
    deliveries = [delivery for delivery in Recording([path], speed=None) if delivery is not None]
    assert len(deliveries) == count > 100
    assert deliveries[0].received_at.isoformat() == "2026-01-10T15:00:00+00:00"
    assert {delivery.queue for delivery in deliveries} == {"_102030_"}
    assert deliveries[0].headers["MessageType"] == "32"
    assert all(decode(delivery.body) for delivery in deliveries)


def test_the_same_seed_and_start_record_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        sandbox("--record", str(tmp_path / f"{name}.jsonl"), *HALF_A_MINUTE)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "other.jsonl").read_bytes()


def test_a_body_that_is_no_text_is_recorded_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "garbage.jsonl"
    sandbox("--record", str(path), "--fast", "--duration", "20", "--fixtures", "2", "--fault", "garbage:1")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert any("body_base64" in line for line in lines)
    assert len([delivery for delivery in Recording([path], speed=None) if delivery is not None]) == len(lines)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "nowhere to send to"),
        (["--record", "x.jsonl", "--fast"], "--fast needs --duration"),
        (["--http", "127.0.0.1:0", "--fast", "--duration", "1"], "--fast is for recordings alone"),
        (["--record", "x.txt"], "a recording ends in .jsonl"),
        (["--record", "/nowhere/x.jsonl"], "No such file or directory"),
        (["--record", "x.jsonl", "--relay", "127.0.0.1:0"], "--relay leads to the broker"),
        (["--record", "x.jsonl", "--start-inactive"], "--start-inactive needs --http"),
        (["--record", "x.jsonl", "--fault", "fire"], "'fire' is no fault"),
        (["--record", "x.jsonl", "--dialect", "klingon"], "'klingon' is no dialect"),
        (["--amqp", "amqp://guest:guest@127.0.0.1:1/"], "No connection to the broker at 127.0.0.1:1"),
        (["--amqp", "nonsense"], "'nonsense' is no AMQP address"),
        (["--record", "x.jsonl", "--fixtures", "none"], "'none' is no number above 0"),
        (["--record", "x.jsonl", "--speed", "-1"], "no number above 0"),
        (["--http", "8010"], "'8010' is no HOST:PORT"),
        (["--record", "x.jsonl", "--package", "x"], "ID:USER:PASSWORD"),
        (["--record", "x.jsonl", "--start", "soon"], "soon"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=re.escape(sentence)):
        sandbox(*arguments)


def test_a_taken_port_is_said_plainly() -> None:
    with (
        taken_port() as port,
        pytest.raises(CommandError, match=f"cannot listen on 127.0.0.1:{port}: Address"),
    ):
        sandbox("--http", f"127.0.0.1:{port}", "--duration", "1")


class taken_port:
    """A port that is in use while it is entered."""

    def __enter__(self) -> int:
        self.relay = Relay("127.0.0.1", 0, ("127.0.0.1", 1), Faults())
        return self.relay.port

    def __exit__(self, *exc: object) -> None:
        self.relay.close()


@pytest.fixture
def queues(amqp_url: str) -> Iterator[Any]:
    """A channel; the queues of this test's package are deleted after it."""
    connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
    channel = connection.channel()
    yield channel
    for feed in Feed:
        connection.channel().queue_delete(f"{feed}_{PACKAGE}_")
    connection.close()


def in_one_host(amqp_url: str, *more: str) -> list[str]:
    return ["--amqp", amqp_url, "--amqp-vhost-as-is", "--package", f"{PACKAGE}:u:p", *more]


@pytest.mark.rabbitmq
def test_messages_arrive_in_the_queues_of_a_real_broker(amqp_url: str, queues: Any) -> None:
    sandbox(*in_one_host(amqp_url, "--dialect", "trade,hyper", "--fixtures", "12", "--duration", "2"))
    for feed in Feed:
        method, properties, body = queues.basic_get(f"{feed}_{PACKAGE}_", auto_ack=True)
        assert method is not None, feed
        assert properties.content_type == "application/json"
        assert {"MessageGuid", "MessageType", "timestamp_in_ms"} <= set(properties.headers)
        assert decode(body)


@pytest.mark.rabbitmq
def test_a_virtual_host_that_is_not_there_is_named_with_the_way_out(amqp_url: str) -> None:
    nowhere = cast(Feed, "there-is-no-such-host")
    sentence = r"The virtual host 'there-is-no-such-host' does not exist .*rabbitmqctl add_vhost .* --amqp-vhost-as-is"
    with pytest.raises(BrokerRefused, match=sentence):
        Broker(amqp_url, [Package(id=PACKAGE, user="u", password="p")], [nowhere])


@pytest.mark.rabbitmq
def test_too_many_waiting_messages_switch_the_package_off(
    amqp_url: str, queues: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(QUEUE_LIMITS, Feed.IN_PLAY, 30)
    output = sandbox(*in_one_host(amqp_url, "--fixtures", "12", "--duration", "4", "--rate", "50"))
    assert re.search(rf"Package {PACKAGE} is off: [\d,]+ messages wait in StmInPlay_{PACKAGE}_", output)


@pytest.mark.rabbitmq
def test_a_lost_connection_to_the_broker_is_made_again(amqp_url: str, queues: Any) -> None:
    target = pika.URLParameters(amqp_url)
    faults = Faults()
    relay = Relay("127.0.0.1", 0, (target.host, target.port), faults)
    package = Package(id=PACKAGE, user="u", password="p")
    through = f"amqp://{target.credentials.username}:{target.credentials.password}@127.0.0.1:{relay.port}/%2F"
    broker = Broker(through, [package], [Feed.IN_PLAY], as_is=True)
    outgoing = Outgoing(at=0, feeds=(Feed.IN_PLAY,), type=32, body=b"{}")
    broker.send(package, outgoing)
    faults.start("cut:0.5")
    deadline = time.monotonic() + 20
    while faults.on and time.monotonic() < deadline:
        relay.stopped.wait(0.02)
    broker.send(package, outgoing)
    broker.rest()
    broker.close()
    relay.close()
    assert queues.queue_declare(f"StmInPlay_{PACKAGE}_", passive=True).method.message_count == 2


def start_sandbox(*arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "manage.py", "sandbox", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_it_answers_its_api_while_it_runs_and_ctrl_c_ends_it_cleanly() -> None:
    process = start_sandbox("--http", "127.0.0.1:0", "--fixtures", "4", "--package", "9:u:p", "--start-inactive")
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    assert process.stdout is not None
    url = next(found[0] for line in process.stdout if (found := re.search(r"http://127.0.0.1:\d+", line)))
    answer = httpx.post(
        f"{url}/api/livescore/package/status", json={"packageId": 9, "username": "u", "password": "p"}, trust_env=False
    )
    process.send_signal(signal.SIGINT)
    rest = process.stdout.read()
    assert process.wait(timeout=10) == 0
    watchdog.cancel()
    process.stdout.close()
    assert answer.json()["status"] == "inactive"
    assert "Sent 0 messages." in rest
    assert "Traceback" not in rest
