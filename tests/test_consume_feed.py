"""consume_feed as a process: from a real queue into a real PostgreSQL, killed and started again."""

import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from exam.processes import ROOT, environment
from feed.ingest.loop import Ingest
from feed.models import Bet, FeedSource, Fixture, RejectedMessage, Scoreboard
from feed.transport.recording import Recording
from packages_admin.models import Package
from tests.broker import Broker
from tests.conftest import default_database
from tests.emptying import empty_database
from tests.feed_messages import ListTransport, fixture, livescore, market
from tests.journal_rows import all_prices, all_scores
from tests.polling import poll


@pytest.fixture
def postgresql(migrated_postgresql: str, transactional_db: None) -> Iterator[str]:
    """The real PostgreSQL as Django's database, empty again at the end."""
    with default_database(migrated_postgresql):
        yield migrated_postgresql
        empty_database()


@pytest.fixture
def broker(amqp_url: str) -> Iterator[Broker]:
    with closing(Broker(amqp_url)) as broker:
        yield broker


@pytest.fixture(autouse=True)
def quick_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.ingest.consumers.TURN_SECONDS", 0.05)


class Process:
    """`manage.py consume_feed` on `postgresql`; what it has to consume `settings` say."""

    def __init__(self, postgresql: str, folder: Path, *arguments: str, **settings: str) -> None:
        self.log = folder / f"{secrets.token_hex(4)}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "consume_feed", *arguments],
                cwd=ROOT,
                env=environment(DATABASE_URL=postgresql, VAR_DIR=str(folder), **settings),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @classmethod
    def of(cls, broker: Broker, postgresql: str, folder: Path, *arguments: str) -> "Process":
        """One that consumes the queue of `broker`, as the environment names it."""
        return cls(postgresql, folder, *arguments, AMQP_URL=broker.url, AMQP_QUEUE=broker.queue)

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Its exit code and all that it said."""
        self.process.send_signal(number)
        self.process.wait(timeout=20)
        return self.process.returncode, self.output()

    def output(self) -> str:
        return self.log.read_text()

    def says(self, words: str) -> None:
        """Wait until it has said this."""
        self.until(lambda: words in self.output())

    def until(self, is_so: Callable[[], object]) -> None:
        """Wait for what it does, as long as it lives."""
        poll(lambda: is_so() or self.process.poll() is not None, seconds=30)
        assert self.process.poll() is None, f"consume_feed ended: {self.output()}"

    def close(self) -> None:
        if self.process.poll() is None:
            self.end(signal.SIGKILL)


@pytest.mark.rabbitmq
@pytest.mark.postgresql
def test_it_stores_what_the_queue_holds_and_ends_well(broker: Broker, postgresql: str, tmp_path: Path) -> None:
    bodies = [fixture(7), livescore(7, 1, 0), b"nonsense", market(7, "1.8")]
    broker.publish(*bodies)
    with closing(Process.of(broker, postgresql, tmp_path, "--record", str(tmp_path / "recorded"))) as process:
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
def test_a_queue_of_which_nothing_was_expected_any_more_is_expected_when_it_is_consumed(
    broker: Broker, postgresql: str, tmp_path: Path
) -> None:
    off = {"off_since": timezone.now(), "off_reason": "Switched off by olga."}
    FeedSource.objects.create(name=broker.queue, kind=FeedSource.Kind.QUEUE, **off)
    with closing(Process.of(broker, postgresql, tmp_path)) as process:
        process.until(lambda: FeedSource.objects.filter(off_since=None).exists())
        assert process.end()[0] == 0


@pytest.mark.rabbitmq
@pytest.mark.postgresql
def test_a_kill_in_mid_stream_loses_and_doubles_nothing(broker: Broker, postgresql: str, tmp_path: Path) -> None:
    bodies = match_day()
    broker.publish(*bodies)
    for stored in (400, 1600):
        with closing(Process.of(broker, postgresql, tmp_path)) as process:
            process.until(lambda stored=stored: ticks() > stored)  # type: ignore[misc]
            process.end(signal.SIGKILL)
        assert ticks() < len(bodies) - 20
    with closing(Process.of(broker, postgresql, tmp_path)) as process:
        process.until(lambda: Scoreboard.objects.filter(scores={"1": "99", "2": "0"}).count() == 20)
        assert process.end()[0] == 0
    assert broker.depth() == 0
    after_kills = state()
    empty_database()
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
    return len(all_prices()) + len(all_scores())


def state() -> list[Any]:
    """What the feed said, without what tells one run from another: our times, revisions, the source."""
    return [
        sorted(Fixture.objects.values_list("pk", "name", "status", "start_at", "last_update")),
        sorted(Scoreboard.objects.values_list("pk", "status", "time", "scores__1", "scores__2", "sent_at", "seq")),
        sorted(Bet.objects.values_list("fixture_id", "bet_id", "price", "status", "last_update")),
        sorted((state.bet, state.at, state.price, state.status) for state in all_prices()),
        sorted((scores.fixture_id, scores.at, scores.scores["1"], scores.scores["2"]) for scores in all_scores()),
    ]


@pytest.mark.rabbitmq
@pytest.mark.postgresql
def test_it_starts_without_its_broker_and_says_so(broker: Broker, postgresql: str, tmp_path: Path) -> None:
    broker.url = "amqp://guest:guest@127.0.0.1:1/"
    with closing(Process.of(broker, postgresql, tmp_path)) as process:
        reason = "127.0.0.1:1 refuses the connection: no broker listens there."
        process.until(lambda: FeedSource.objects.filter(name=broker.queue, state_reason=reason).exists())
        code, output = process.end()
    assert code == 0
    assert reason in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
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


@pytest.mark.django_db(transaction=True)
def test_half_a_queue_in_the_environment_is_one_plain_line(settings: Any) -> None:
    settings.AMQP_QUEUE = "_1_"
    with pytest.raises(CommandError, match="No queue to take from: set AMQP_URL, or give"):
        call_command("consume_feed", stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_a_demos_database_takes_no_real_feed_unless_it_is_told_to() -> None:
    FeedSource.objects.create(name="simulated", kind=FeedSource.Kind.SANDBOX)
    with pytest.raises(CommandError, match="has a demo's invented fixtures"):
        call_command("consume_feed", "--url", "amqp://a", "--queue", "_1_", stdout=StringIO())
    with pytest.raises(CommandError, match="There is no package 123"):
        call_command("consume_feed", "--package", "123", "--into-this-database", stdout=StringIO())
    FeedSource.objects.create(name="real", kind=FeedSource.Kind.QUEUE, last_message_at=timezone.now())
    with pytest.raises(CommandError, match="There is no package 123"):
        call_command("consume_feed", "--package", "123", stdout=StringIO())


def package_on(broker: Broker, **fields: Any) -> Package:
    """A package whose queue is the broker's."""
    url = urlsplit(broker.url)
    package = Package(
        product="trade_in_play", user_name=url.username, queue_name=broker.queue, virtual_hosts="/",
        amqp_host=url.hostname, amqp_port=url.port or 5672, **{"name": "North", "package_id": 123, **fields},
    )  # fmt: skip
    package.set_password(url.password or "", timezone.now())
    package.save()
    return package


@pytest.mark.rabbitmq
@pytest.mark.postgresql
def test_without_a_package_it_waits_for_one_and_begins_when_it_is_activated(
    broker: Broker, postgresql: str, tmp_path: Path, settings: Any
) -> None:
    broker.publish(fixture(7))
    keys = ",".join(settings.CREDENTIAL_KEYS)
    with closing(Process(postgresql, tmp_path, CREDENTIAL_KEYS=keys)) as process:
        process.says("There is no package yet, and neither AMQP_URL nor --url names a queue. Waiting for a package to")
        package = package_on(broker)
        process.says("Waiting for a package to be activated, in the admin or by `manage.py package activate ID`.")
        process.says("North (TRADE in-play 123): not activated yet.")
        assert not Fixture.objects.exists()
        Package.objects.update(state="active")
        process.until(lambda: Fixture.objects.filter(pk=7, source__name="North").exists())
        Package.objects.update(state="inactive")
        process.says("North (TRADE in-play 123): inactive.")
        assert process.end()[0] == 0
    assert [link.source.name for link in package.link_sources()] == ["North"]


@pytest.mark.rabbitmq
@pytest.mark.postgresql
def test_a_package_that_is_named_is_waited_for_whatever_else_is_active(
    broker: Broker, postgresql: str, tmp_path: Path, settings: Any
) -> None:
    package_on(broker, state="active")
    package_on(broker, name="South", package_id=124)
    keys = ",".join(settings.CREDENTIAL_KEYS)
    with closing(Process(postgresql, tmp_path, "--package", "124", CREDENTIAL_KEYS=keys)) as process:
        process.says("South (TRADE in-play 124): not activated yet.")
        code, output = process.end()
    assert code == 0
    assert "North" not in output


@pytest.mark.rabbitmq
@pytest.mark.postgresql
def test_the_password_of_a_package_is_nowhere_in_what_a_consumer_leaves_behind(
    broker: Broker, postgresql: str, tmp_path: Path, settings: Any
) -> None:
    password = 'wise "owl" <77> & co'
    package = package_on(broker, state="active")
    package.set_password(password, timezone.now())
    package.save()
    keys = ",".join(settings.CREDENTIAL_KEYS)
    with closing(Process(postgresql, tmp_path, CREDENTIAL_KEYS=keys, LOG_LEVEL="DEBUG")) as process:
        process.until(lambda: FeedSource.objects.filter(state_reason__contains="refuses the user").exists())
        code, output = process.end()
    assert code == 0
    assert "DEBUG" in output
    left = output + str(list(FeedSource.objects.values()))
    for form in (password, "owl", "%3C77%3E", "wise"):
        assert form not in left


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
