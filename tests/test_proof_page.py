"""Operators make a bundle in the browser, which a stranger can check; nobody else does, and none is too large."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from bench.tampering import Holdings
from feed.operations import proof_page
from feed.proof.verify import judged
from livescore_site.people import BACKEND
from tests.provable import FIXTURE, holdings
from tests.rows import make_trader

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(either_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Holdings:
    """What was received and signed, as this process serves it."""
    made = holdings(tmp_path)
    monkeypatch.setattr(proof_page, "proof_folder", lambda: made.folder)
    monkeypatch.setattr(proof_page, "read_signer", lambda key: made.signer)
    settings.RECORDINGS = str(made.recordings)
    return made


def client_of(role: str) -> Client:
    """Of somebody who may do everything, of a trader, or of somebody without a role."""
    makers = {"operator": lambda: User.objects.create_superuser(role), "trader": lambda: make_trader(role)}
    user = makers.get(role, lambda: User.objects.create_user(role))()
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def wished(**fields: Any) -> dict[str, Any]:
    """The form of the last hour, as a browser sends it."""
    now = timezone.now()
    begin, end = (f"{moment:%Y-%m-%dT%H:%M:%S.%f}" for moment in (now - timedelta(hours=1), now))
    return {"fixture": FIXTURE, "begin": begin, "end": end, "others": "on", **fields}


def test_an_operator_is_given_a_bundle_that_proves_what_was_received(desk: Holdings, caplog: pytest.LogCaptureFixture):
    with caplog.at_level("INFO", "security"):
        answer = client_of("operator").post("/proof/", wished())
    assert answer["Content-Disposition"].startswith('attachment; filename="proof-7-')
    sentences = judged(desk.signer.public_key, answer.content)
    assert "are about fixture 7, or may be" in sentences[1]
    assert 'event="proof.bundle" user="operator"' in caplog.text


def test_the_page_is_opened_with_the_fixture_and_the_last_minutes(desk: Holdings):
    page = client_of("operator").get("/proof/?fixture=7").content.decode()
    assert 'value="7"' in page
    assert 'type="datetime-local"' in page
    assert "Nothing has been signed" in page or "Signed up to leaf" in page


@pytest.mark.parametrize("role", ["trader", "nobody"])
def test_nobody_else_makes_one(desk: Holdings, role: str):
    client = client_of(role)
    assert client.get("/proof/").status_code == 403
    assert client.post("/proof/", wished()).status_code == 403


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"fixture": "x"}, "Enter a whole number."),
        ({"fixture": "0"}, "greater than or equal to 1"),
        ({"begin": "soon"}, "Enter a valid date/time."),
        ({"begin": "2026-01-01T00:00:00"}, "The end must be later than the beginning, by 6 hours at most."),
        ({"end": "2020-01-01T00:00:00"}, "The end must be later than the beginning, by 6 hours at most."),
    ],
)
def test_what_no_bundle_can_be_made_of_is_said(desk: Holdings, fields: dict[str, str], words: str):
    answer = client_of("operator").post("/proof/", wished(**fields))
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_one_of_too_many_leaves_is_left_to_the_command(desk: Holdings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(proof_page, "MOST_LEAVES", 3)
    client = client_of("operator")
    for others in ("on", ""):
        page = client.post("/proof/", wished(others=others))
        assert "leaves are too many for a bundle. Choose a shorter time." in page.content.decode()


def test_a_second_one_at_the_same_time_is_asked_to_come_back(desk: Holdings):
    with proof_page.MAKING:
        page = client_of("operator").post("/proof/", wished())
    assert "Another bundle is being made" in page.content.decode()
    assert not proof_page.MAKING.locked()


def test_the_health_page_leads_operators_there(desk: Holdings):
    assert 'href="/proof/"' in client_of("operator").get("/health/").content.decode()
    assert 'href="/proof/"' not in client_of("trader").get("/health/").content.decode()
