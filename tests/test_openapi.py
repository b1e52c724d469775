"""docs/openapi.yaml says what REST does: it is valid, names all that is sent, and holds whatever is asked."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, assume, given, settings
from openapi_spec_validator import validate
from schemathesis import Case, GenerationMode

from tests.api_documents import ASYNCAPI, DOCS, OPENAPI, references, schema_validator, untyped
from tests.rows import make_bet, make_fixture, make_market, make_scoreboard, make_source
from tests.stream_client import make_token

EXAMPLES = 25
PATHS = list(OPENAPI["paths"])
DOCUMENTS = pytest.mark.parametrize("document", [OPENAPI, ASYNCAPI], ids=["openapi", "asyncapi"])
#: Found in the document, put to the desk's own WSGI application.
SCHEMA = schemathesis.openapi.from_dict(OPENAPI)


@pytest.fixture
def token() -> str:
    """The desk has a match with a price, and a program may ask without end."""
    make_source(last_message_at=timezone.now(), state_since=timezone.now())
    fixture = make_fixture(revision=1, fixture_revision=1, scoreboard_revision=1, markets_revision=1)
    make_scoreboard(fixture, revision=1)
    make_bet(make_market(fixture, revision=1), "1", "2.1", revision=1)
    return make_token(most_requests_per_minute=10**6)[1]


@pytest.fixture
def keeps_connection() -> Iterator[None]:
    """A request does not close the connection that the test's transaction is on."""
    both = (request_started, request_finished)
    for signal in both:
        signal.disconnect(close_old_connections)
    yield
    for signal in both:
        signal.connect(close_old_connections)


def test_it_is_a_valid_openapi_document():
    validate(OPENAPI)


@DOCUMENTS
def test_every_reference_leads_somewhere(document: dict[str, Any]):
    for reference in references(document):
        node = document
        for word in reference.removeprefix("#/").split("/"):
            node = node[word]


@DOCUMENTS
def test_nothing_is_described_that_could_be_anything(document: dict[str, Any]):
    assert untyped(document["components"]["schemas"], "") == []


def test_both_documents_mean_the_same_by_the_same_name():
    rest, stream = OPENAPI["components"]["schemas"], ASYNCAPI["components"]["schemas"]
    shared = rest.keys() & stream.keys()
    assert len(shared) > 30
    assert [name for name in shared if rest[name] != stream[name]] == []


def test_it_is_open_to_everybody(client: Client):
    assert client.get("/docs/openapi.yaml").content == (DOCS / "openapi.yaml").read_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_what_is_answered_fits_its_named_schema(token: str, path: str):
    address = path.format(fixture_id=7, market_id=1, bet_id=30713932524605000)
    answer = Client(headers={"authorization": f"Bearer {token}"}).get(address)
    schema = OPENAPI["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    schema_validator(schema["$ref"].rpartition("/")[2]).validate(answer.json())


@pytest.mark.django_db
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["valid", "invalid"])
@pytest.mark.parametrize("path", PATHS)
def test_it_holds_whatever_is_asked(token: str, keeps_connection: None, path: str, mode: GenerationMode):
    SCHEMA.app = get_wsgi_application()
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity", "Host": "localhost"}

    @given(case=SCHEMA[path]["GET"].as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def holds(case: Case) -> None:
        # An empty value is not sent, so that what is wrong with it never comes.
        assume(not any(value in (None, [], {}) for value in (case.query or {}).values()))
        case.call_and_validate(headers=headers)

    holds()
