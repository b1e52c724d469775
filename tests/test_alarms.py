"""A fault becomes one alarm: sent once to each destination, and once more when it is over."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core import mail
from django.db import OperationalError
from django.utils import timezone

from alarms.checks.feeds import feed_faults, hole_faults, rejected_faults
from alarms.checks.machine import CertificateEnds, disk_faults
from alarms.checks.packages import package_faults, queue_faults
from alarms.fault import Fault
from alarms.models import Alarm, Delivery, Destination
from alarms.sending import NotSent, Target, send
from alarms.watch import AlarmWatch
from feed.models import FeedSource, RejectedMessage
from packages_admin.models import Package, QueueReading
from packages_admin.secrets import Sealed

from .rows import make_fixture, make_market, make_source
from .test_alarm_message import MESSAGE

pytestmark = pytest.mark.django_db
NOW = timezone.now()
Kind = Destination.Kind


class Receiver:
    """A webhook on loopback, which keeps what it is sent and answers with `status`."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.status = 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.bodies.append(self.rfile.read(int(self.headers["content-length"])))
                receiver.headers.append({name.lower(): value for name, value in self.headers.items()})
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()

    def events(self) -> list[str]:
        return [json.loads(body)["event"] for body in self.bodies]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(autouse=True)
def keys(settings: Any) -> None:
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    settings.ALARM_HOSTS = ["127.0.0.1"]


def destination(address: str, kind: str = Kind.WEBHOOK, secret: str = "") -> Destination:
    return Destination.objects.create(
        name=f"{kind} {address[-12:]}", kind=kind, address=Sealed.of(address), shown="…", secret=Sealed.of(secret)
    )


class Faulty:
    """A watch over faults that the test sets, by a clock that the test moves."""

    def __init__(self) -> None:
        self.now = NOW
        self.current: list[Fault] = []
        self.watch = AlarmWatch([lambda now: iter(self.current)], clock=lambda: self.now)

    def after(self, seconds: float, *faults: Fault) -> None:
        self.now += timedelta(seconds=seconds)
        self.current = list(faults)
        self.watch.check()


def fault(text: str = "The feed is DOWN.", **fields: Any) -> Fault:
    return Fault(**{"kind": "feed_down", "about": "Meadow", "text": text, "since": NOW} | fields)


def test_a_fault_is_sent_once_however_long_it_lasts_and_once_more_when_it_is_over(receiver: Receiver):
    destination(receiver.url)
    watched = Faulty()
    for seconds in range(5):
        watched.after(seconds, fault(f"The feed is DOWN since {seconds} s."))
    assert receiver.events() == ["began"]
    watched.after(1)
    watched.after(9)
    assert receiver.events() == ["began"]
    watched.after(2)
    watched.after(60)
    assert receiver.events() == ["began", "ended"]
    assert json.loads(receiver.bodies[1])["text"] == "The feed is DOWN since 4 s."


def test_a_fault_that_flickers_raises_one_alarm(receiver: Receiver):
    destination(receiver.url)
    watched = Faulty()
    for _ in range(4):
        watched.after(1, fault())
        watched.after(1)
    assert receiver.events() == ["began"]


def test_it_is_raised_only_when_it_has_lasted(receiver: Receiver):
    destination(receiver.url)
    watched = Faulty()
    patient = fault(patience=timedelta(seconds=5))
    watched.after(4, patient)
    assert not Alarm.objects.exists()
    watched.after(1, patient)
    assert receiver.events() == ["began"]


def test_what_does_not_arrive_is_tried_again_later_and_later(receiver: Receiver):
    destination(receiver.url)
    receiver.status = 503
    watched = Faulty()
    for seconds in (0, 1, 1, 1, 1, 2):
        watched.after(seconds, fault())
    assert len(receiver.bodies) == 3, "at once, after 2 s, after 4 s more"
    assert Delivery.objects.get().error == "It answered with status 503."
    receiver.status = 200
    watched.after(10, fault())
    assert Delivery.objects.get().sent_at is not None
    assert len({json.loads(body)["id"] for body in receiver.bodies}) == 1


def test_two_watches_send_it_once(receiver: Receiver):
    destination(receiver.url)
    one, other = Faulty(), Faulty()
    for watched in (one, other, one, other):
        watched.after(1, fault())
    assert receiver.events() == ["began"]


def test_whoever_is_added_while_it_lasts_does_not_hear_that_it_is_over(receiver: Receiver):
    watched = Faulty()
    watched.after(0, fault())
    destination(receiver.url)
    watched.after(1)
    watched.after(20)
    assert receiver.bodies == []


def test_a_check_that_fails_stops_no_other(receiver: Receiver):
    destination(receiver.url)

    def broken(now: datetime) -> Iterator[Fault]:
        raise RuntimeError("a fault of ours")

    AlarmWatch([broken, lambda now: iter([fault()])]).check()
    assert receiver.events() == ["began"]


def test_a_lost_database_is_sent_from_memory_once_and_that_it_is_back(receiver: Receiver):
    destination(receiver.url)
    watched = Faulty()
    watched.after(0)
    targets = list(watched.watch.known.values())
    for seconds in (0, 4, 6, 8, 30):
        watched.watch.lost_database.note_lost(NOW + timedelta(seconds=seconds), targets, OperationalError("gone"))
    assert receiver.events() == ["began"]
    watched.after(40)
    assert receiver.events() == ["began", "ended"]


def test_a_webhook_can_check_who_sent_it(receiver: Receiver):
    send(Target(1, Kind.WEBHOOK, receiver.url, "a secret"), MESSAGE)
    header = receiver.headers[0]["livescore-signature"]
    at, digest = (part.partition("=")[2] for part in header.split(","))
    signed = hmac.new(b"a secret", f"{at}.".encode() + receiver.bodies[0], hashlib.sha256)
    assert hmac.compare_digest(signed.hexdigest(), digest)


@pytest.mark.parametrize(
    "address", ["http://localhost:1/", "https://10.0.0.1/", "https://169.254.169.254/", "https://example.org/"]
)
def test_nothing_is_sent_where_alarm_hosts_does_not_allow_it(address: str):
    with pytest.raises(NotSent, match="ALARM_HOSTS"):
        send(Target(1, Kind.SLACK, address, ""), MESSAGE)


def test_a_name_that_leads_inside_is_refused(settings: Any, monkeypatch: pytest.MonkeyPatch):
    settings.ALARM_HOSTS = ["hooks.example"]
    monkeypatch.setattr("packages_admin.network.resolved", lambda *args: ["10.0.0.1"])
    with pytest.raises(NotSent, match="ALARM_HOSTS"):
        send(Target(1, Kind.SLACK, "https://hooks.example/x", ""), MESSAGE)


def test_an_e_mail_says_it_in_its_subject(settings: Any):
    settings.EMAIL_HOST = "mail.example"
    send(Target(1, Kind.EMAIL, "ops@example.com", ""), MESSAGE)
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (["ops@example.com"], "Livescore Desk: The feed is DOWN.")


def kinds(faults: Iterator[Fault]) -> dict[str, timedelta]:
    return {one.kind: one.patience for one in faults}


def test_feeds_that_are_not_live_are_faults_and_those_that_are_off_are_none():
    make_source("Meadow", state="down", state_since=NOW - timedelta(seconds=9), state_reason="The connection is lost.")
    make_source("Dune", state="late", state_since=NOW, last_message_at=NOW)
    make_source("Cup", state="down", off_since=NOW, off_reason="Switched off by olga.")
    make_source("Friday", kind=FeedSource.Kind.RECORDING, state="down", state_since=NOW)
    found = list(feed_faults(NOW))
    assert kinds(iter(found)) == {"feed_down": timedelta(seconds=5), "feed_late": timedelta(seconds=60)}
    assert any(one.text.endswith("UTC. The connection is lost.") for one in found)


def test_holes_that_stay_are_a_fault_but_not_where_the_numbers_are_doubted():
    source = make_source("Meadow")
    make_market(make_fixture(1), gap_since=NOW, numbered_by=source.pk)
    assert [(one.about, one.patience) for one in hole_faults(NOW)] == [("Meadow", timedelta(seconds=300))]
    FeedSource.objects.update(doubted_since=NOW)
    assert list(hole_faults(NOW)) == []


def test_many_refused_messages_are_a_fault(settings: Any):
    settings.ALARM_REJECTED = 1
    source = make_source("Meadow")
    for number in range(2):
        RejectedMessage.objects.create(source=source, received_at=NOW, reason="odd", body=b"", digest=str(number))
    assert [one.text for one in rejected_faults(NOW)] == ["2 messages of Meadow were refused in the last five minutes."]
    assert list(rejected_faults(NOW + timedelta(minutes=6))) == []


def test_a_package_that_lsports_switched_off_and_a_queue_that_fills_up_are_faults():
    package = Package.objects.create(name="Meadow", product="trade_in_play", package_id=1, state="inactive")
    assert list(package_faults(NOW)) == []
    Package.objects.update(is_wanted=True)
    assert kinds(package_faults(NOW)) == {"package_off": timedelta()}
    Package.objects.update(state="active")
    link = package.link_sources()[0]
    QueueReading.objects.note(link, NOW, 6000, None, 1)
    assert set(kinds(queue_faults(NOW))) == {"queue"}
    QueueReading.objects.note(link, NOW + timedelta(seconds=1), 9500, None, 1)
    assert set(kinds(queue_faults(NOW))) == {"queue", "queue_full"}


def test_a_full_disk_and_a_certificate_near_its_end_are_faults(monkeypatch: pytest.MonkeyPatch):
    class Usage:
        free = 5

    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage)
    assert set(kinds(disk_faults(NOW))) == {"disk"}
    certificates = CertificateEnds()
    certificates.due_at = NOW + timedelta(hours=1)
    certificates.ends = {"a:443": NOW + timedelta(days=20), "b:443": NOW + timedelta(days=22)}
    assert [one.about for one in certificates.faults(NOW)] == ["a:443"]
