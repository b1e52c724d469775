"""Personal answers are stored by no cache; those that are the same for all may be."""

import pytest
from django.test import Client

from livescore_site.people import BACKEND

from .packages import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def trader() -> Client:
    client = Client()
    client.force_login(make_user("trader"), backend=BACKEND)
    return client


@pytest.mark.parametrize(
    "path", ["/", "/health/", "/api/v1/fixtures/", "/api/v1/feed/", "/password/", "/nowhere/", "/fixtures/7/"]
)
def test_a_signed_in_answer_is_not_kept(trader: Client, path: str):
    assert "no-store" in trader.get(path).headers.get("Cache-Control", "")


def test_a_refused_program_and_a_sent_form_are_not_kept():
    assert "no-store" in Client().get("/api/v1/feed/", headers={"Authorization": "Bearer x"}).headers["Cache-Control"]
    assert "no-store" in Client().post("/sign_in/", {"username": "a", "password": "b"}).headers["Cache-Control"]


def test_public_documents_may_be_kept():
    assert "no-store" not in Client().get("/docs/asyncapi.yaml").headers.get("Cache-Control", "")
