"""consume_feed as a process: from a real queue into a real PostgreSQL, killed and started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from feed.ingest import Ingest
from feed.models import Bet, FeedSource, Fixture, PriceTick, RejectedMessage, Scoreboard, ScoreTick
from feed.transport.recording import Recording
from tests.broker import Broker
from tests.conftest import default_database
from tests.feed_messages import ListTransport, fixture, livescore, market
from tests.polling import poll

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def postgresql(migrated_postgresql: str, transactional_db: None) -> Iterator[str]:
    """The real PostgreSQL as Django's database, empty again at the end."""
    with default_database(migrated_postgresql):
        yield migrated_postgresql
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def broker(amqp_url: str) -> Iterator[Broker]:
    with closing(Broker(amqp_url)) as broker:
        yield broker


@pytest.fixture(autouse=True)
def quick_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.consumers.LOOK_SECONDS", 0.05)


class Process:
    """`manage.py consume_feed` on `broker` and `postgresql`."""

    def __init__(self, broker: Broker, postgresql: str, folder: Path, *arguments: str) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "livescore_site.settings",
            "DATABASE_URL": postgresql,
            "AMQP_URL": broker.url,
            "AMQP_QUEUE": broker.queue,
            "VAR_DIR": str(folder),
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "consume_feed", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Its exit code and all that it said."""
        self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=20)
        return self.process.returncode, said

    def until(self, is_so: Callable[[], object]) -> None:
        """Wait for what it does, as long as it lives."""
        poll(lambda: is_so() or self.process.poll() is not None, seconds=30)
        assert self.process.poll() is None, f"consume_feed ended: {self.process.communicate()[0]}"

    def close(self) -> None:
        if self.process.stdout is not None and not self.process.stdout.closed:
            self.end(signal.SIGKILL)


@pytest.mark.rabbitmq
@pytest.mark.postgresql
def test_it_stores_what_the_queue_holds_and_ends_well(broker: Broker, postgresql: str, tmp_path: Path) -> None:
    bodies = [fixture(7), livescore(7, 1, 0), b"nonsense", market(7, "1.8")]
    broker.publish(*bodies)
    with closing(Process(broker, postgresql, tmp_path, "--record", str(tmp_path / "recorded"))) as process:
        process.until(lambda: Bet.objects.filter(fixture_id=7).exists())
        source = FeedSource.objects.get(name=broker.queue)
        process.until(lambda: source.refresh_from_db() or source.state != FeedSource.State.DOWN)
        assert process.end()[0] == 0
    assert broker.depth() == 0
    assert Scoreboard.objects.get(fixture_id=7).scores == {"1": "1", "2": "0"}
    assert RejectedMessage.objects.get().queue == broker.queue
    source.refresh_from_db()
    assert (source.state, source.state_reason) == (FeedSource.State.DOWN, "The consumer was stopped.")
    recorded = Recording([tmp_path / "recorded"], speed=None)
    assert [one.body for one in recorded if one is not None] == bodies


@pytest.mark.rabbitmq
@pytest.mark.postgresql
def test_a_kill_in_mid_stream_loses_and_doubles_nothing(broker: Broker, postgresql: str, tmp_path: Path) -> None:
    bodies = match_day()
    broker.publish(*bodies)
    for stored in (400, 1600):
        with closing(Process(broker, postgresql, tmp_path)) as process:
            process.until(lambda stored=stored: ticks() > stored)  # type: ignore[misc]
            process.end(signal.SIGKILL)
        assert ticks() < len(bodies) - 20
    with closing(Process(broker, postgresql, tmp_path)) as process:
        process.until(lambda: Scoreboard.objects.filter(scores={"1": "99", "2": "0"}).count() == 20)
        assert process.end()[0] == 0
    assert broker.depth() == 0
    after_kills = state()
    call_command("flush", verbosity=0, interactive=False)
    Ingest(ListTransport(bodies), FeedSource.objects.create(name="unbroken", kind=FeedSource.Kind.QUEUE)).run()
    assert after_kills == state()


def match_day() -> list[bytes]:
    """4,020 messages: 20 fixtures, each with 100 goals and 100 prices."""
    fixtures = range(1, 21)
    return [fixture(number) for number in fixtures] + [
        body
        for second in range(100)
        for number in fixtures
        for body in (livescore(number, second, 0, seconds=second), market(number, f"1.{second:02}", seconds=second))
    ]


def ticks() -> int:
    return PriceTick.objects.count() + ScoreTick.objects.count()


def state() -> list[Any]:
    """What the feed said, without what tells one run from another: our times, revisions, the source."""
    return [
        sorted(Fixture.objects.values_list("pk", "name", "status", "start_at", "last_update")),
        sorted(Scoreboard.objects.values_list("pk", "status", "time", "scores__1", "scores__2", "sent_at", "seq")),
        sorted(Bet.objects.values_list("fixture_id", "bet_id", "price", "status", "last_update")),
        sorted(PriceTick.objects.values_list("fixture_id", "bet_id", "at", "price", "status")),
        sorted(ScoreTick.objects.values_list("fixture_id", "at", "scores__1", "scores__2")),
    ]


@pytest.mark.rabbitmq
@pytest.mark.postgresql
def test_it_starts_without_its_broker_and_says_so(broker: Broker, postgresql: str, tmp_path: Path) -> None:
    broker.url = "amqp://guest:guest@127.0.0.1:1/"
    with closing(Process(broker, postgresql, tmp_path)) as process:
        reason = "127.0.0.1:1 refuses the connection: no broker listens there."
        process.until(lambda: FeedSource.objects.filter(name=broker.queue, state_reason=reason).exists())
        code, said = process.end()
    assert code == 0
    assert reason in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "No queue to take from: set AMQP_URL and AMQP_QUEUE, or give --url and --queue."),
        (["--queue", "_1_"], "No queue to take from: set AMQP_URL, or give --url and --queue."),
        (["--package", "123"], "There is no package 123; the admin lists them."),
        (["--package", "1", "--queue", "_1_"], "Name a package or a queue, not both."),
        (["--url", "http://x", "--queue", "_1_"], "The broker's address must look like amqp://"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_what_is_missing_is_one_plain_line(arguments: list[str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        call_command("consume_feed", *arguments, stdout=StringIO())


@pytest.mark.parametrize("prefetch", ["0", "-1", "many"])
def test_a_prefetch_without_limit_is_refused(prefetch: str) -> None:
    with pytest.raises(CommandError, match="is not a whole number from 1 on"):
        call_command("consume_feed", "--prefetch", prefetch)


@pytest.mark.rabbitmq
@pytest.mark.django_db(transaction=True)
def test_a_wrong_password_ends_it(broker: Broker) -> None:
    url = broker.url.replace("guest:guest", "guest:wrong")
    with pytest.raises(CommandError, match="refuses the user guest or the password"):
        call_command("consume_feed", "--url", url, "--queue", broker.queue, stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_a_database_without_its_tables_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.management.database.MigrationExecutor.migration_plan", lambda *args: ["0042"])
    with pytest.raises(CommandError, match=r"The database is not up to date\. Run: manage\.py migrate"):
        call_command("consume_feed")


def test_a_database_that_does_not_answer_is_said_so(transactional_db: None) -> None:
    with default_database("postgres://postgres@127.0.0.1:1/nowhere"):
        with pytest.raises(CommandError, match="The database does not answer: connection"):
            call_command("consume_feed")
        connection.close()
