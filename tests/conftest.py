"""What tests share: the services they need, the samples, the two databases."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import dj_database_url
import pika
import psycopg
import pytest
import redis
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase

from exam.processes import CHROMIUM, made_once, migrated_sqlite, shared_folder
from tests.emptying import empty_database
from tests.packages import LSports, running_lsports
from tests.workers import BrowsersApart, number_of_workers

SAMPLES = Path(__file__).resolve().parent.parent.parent / "shared" / "samples"
POSTGRESQL_URL = os.environ.get("DATABASE_TEST_URL", "postgres://postgres@127.0.0.1:5432/postgres")
AMQP_URL = os.environ.get("AMQP_TEST_URL", "amqp://guest:guest@127.0.0.1:5672/%2F")
REDIS_URL = os.environ.get("REDIS_TEST_URL", "redis://127.0.0.1:6379/15")
IS_FIRST = "MADE_ONCE" not in os.environ
os.environ["MADE_ONCE"] = str(shared_folder())  # which the workers inherit


def missing(what: str) -> NoReturn:
    """Skip by name; with REQUIRE_SERVICES=1 fail instead."""
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"{what} is required (REQUIRE_SERVICES=1) and is not there", pytrace=False)
    pytest.skip(f"needs {what}")


def pytest_unconfigure() -> None:
    """The workers' template goes with the process that began the run, when none of them is left."""
    if IS_FIRST and (name := shared_folder() / "template" / "name").exists():
        drop_database(name.read_text())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    return number_of_workers()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BrowsersApart | None:
    return BrowsersApart(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that empty the database come late: with it goes what migrations put there (roles). Browser files come last:
    from then on an event loop runs in the thread, which async tests refuse."""
    emptying = {item.path for item in items if empties_database(item)}
    with_browser = {item.path for item in items if "browser" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: (item.path in with_browser, item.path in emptying))


def empties_database(item: pytest.Item) -> bool:
    """Whether a test really commits, after which everything is deleted."""
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in getattr(item, "fixturenames", ()) or bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture(scope="session", autouse=True)
def quick_emptying() -> Iterator[None]:
    """Tests that really commit are followed by an emptying of our own instead of Django's `flush`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: empty_database())
        yield


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Boards, the list of what needs attention and pages know nothing of the rows of the test before."""
    from feed.attention.listing import forget_attention  # their models can be imported only now
    from feed.pages.board.memory import forget_places
    from feed.pages.people import VIEWERS
    from feed.pages.prices.providers import NAMES

    forget_places()
    forget_attention()
    VIEWERS.forget()
    NAMES.forget()


@pytest.fixture(autouse=True)
def no_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token has sent no request yet: databases give the same id to the tokens of several tests."""
    from feed.api import access, rates  # the models of access can be imported only now

    monkeypatch.setattr(access, "requests", rates.Requests())


@pytest.fixture(autouse=True)
def nothing_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Consumers of tests write leaves, and none signs them: each test has another database, and all share a folder."""
    from feed.proof.signing import Signing  # its models can be imported only now

    monkeypatch.setattr(Signing, "start", lambda signing: None)


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of LSports' sample messages, beside the project."""
    if not SAMPLES.is_dir():
        pytest.skip("needs the sample messages in ../shared/samples")
    return SAMPLES


@pytest.fixture(scope="session")
def amqp_url() -> str:
    """A RabbitMQ that answers."""
    try:
        pika.BlockingConnection(pika.URLParameters(AMQP_URL)).close()
    except Exception as error:
        missing(f"RabbitMQ at {AMQP_URL.rpartition('@')[2]} ({error!r})")
    return AMQP_URL


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A Redis that answers."""
    try:
        with redis.Redis.from_url(REDIS_URL) as client:
            client.ping()
    except redis.RedisError as error:
        missing(f"Redis at {REDIS_URL} ({error})")
    return REDIS_URL


@contextmanager
def new_database(template: str = "template1") -> Iterator[str]:
    """The address of a new database in a PostgreSQL that answers, as the template is; dropped at the end."""
    url = create_database(template)
    yield url
    drop_database(url.rpartition("/")[2])


def create_database(template: str = "template1") -> str:
    name = f"desk_test_{os.getpid()}_{secrets.token_hex(3)}"
    try:
        server = psycopg.connect(POSTGRESQL_URL, autocommit=True)
    except psycopg.Error as error:
        missing(f"PostgreSQL at {POSTGRESQL_URL.rpartition('@')[2]} ({error})")
    with server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        server.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')  # no test pulls the plug
    return POSTGRESQL_URL.rpartition("/")[0] + f"/{name}"


def drop_database(name: str) -> None:
    with psycopg.connect(POSTGRESQL_URL, autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> Iterator[bool]:
    """The SQLite of this worker begins as a copy of one that was migrated once for all."""
    path = Path(connections["default"].settings_dict["TEST"]["NAME"])
    shutil.copy(migrated_sqlite(), path)
    yield True
    connections["default"].close()
    path.unlink()


@pytest.fixture(scope="session")
def migrated_template(django_db_setup: None, django_db_blocker: Any) -> str:
    """The name of a database that was migrated once for all workers, for quick copies. Nobody may connect to it."""

    def make(folder: Path) -> None:
        url = create_database()
        with django_db_blocker.unblock(), default_database(url):
            call_command("migrate", verbosity=0)
        (folder / "name").write_text(url.rpartition("/")[2])

    return (made_once("template", make) / "name").read_text()


@pytest.fixture
def own_postgresql_url(migrated_template: str) -> Iterator[str]:
    """A migrated database for one test, whose processes may leave in it what they like."""
    with new_database(migrated_template) as url:
        yield url


@pytest.fixture
def empty_postgresql_url() -> Iterator[str]:
    """A database without a table, for one test."""
    with new_database() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """An empty database, as the address of a server that answers."""
    with new_database() as url:
        yield url


@pytest.fixture
def lsports() -> Iterator[LSports]:
    """A small LSports on a socket, which answers well."""
    with running_lsports() as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium."""
    if not Path(CHROMIUM).exists():
        missing(f"Chromium at {CHROMIUM}")
    return CHROMIUM


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium: str) -> dict[str, Any]:
    """Debian's Chromium, without what needs a display, a root sandbox or the internet."""
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
    }


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Any]:
    """A `tests.served.Served` for all browser tests of this process; each writes fixtures of its own."""
    from tests.served import Served  # its models can be imported only now

    made = Served(tmp_path_factory.mktemp("served"), django_db_blocker)
    yield made
    made.desk.close()


@pytest.fixture(scope="session")
def migrated_postgresql(migrated_template: str) -> Iterator[str]:
    """A migrated database for all tests of this process that leave it empty."""
    with new_database(migrated_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[str]:
    """The test runs once on each database, both empty at its start and really committing."""
    if request.param == "sqlite":
        yield "sqlite"
        return
    url = request.getfixturevalue("migrated_postgresql")
    with default_database(url):
        yield "postgresql"
        empty_database()


class default_database:
    """While it is entered, Django's default connection (of this thread and of new ones) is to `url`."""

    def __init__(self, url: str, **options: Any) -> None:
        self.url = url
        self.options = options

    def __enter__(self) -> None:
        self.before = connections.settings["default"], connections["default"]
        settings = {**self.before[0], **dj_database_url.parse(self.url), "OPTIONS": self.options, "CONN_MAX_AGE": 0}
        connections.settings["default"] = settings
        connections["default"] = connections.create_connection("default")

    def __exit__(self, *exc: object) -> None:
        connections["default"].close()
        connections.settings["default"], connections["default"] = self.before
