"""Tokens in the admin: who makes them, that the secret is shown once and kept nowhere, that revoked is for good."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from feed.models import SubscriberToken
from feed.models.token import digest_of

pytestmark = pytest.mark.django_db
LIST = "/admin/feed/subscribertoken/"
FIELDS = {
    "name": "odds screen",
    "contents": "all",
    "sports": "6046, 54094",
    "leagues": "",
    "most_connections": "4",
    "most_fixtures": "100",
    "most_requests_per_minute": "60",
    "expires_at_0": "",
    "expires_at_1": "",
}


def client_of(role: str) -> Client:
    client, user = Client(), User.objects.create_user(role, is_staff=True)
    user.groups.set(Group.objects.filter(name=role))
    client.force_login(user)
    return client


@pytest.fixture
def administrator() -> Client:
    return client_of("administrator")


def make(client: Client, **fields: Any) -> str:
    """The page after making a token."""
    answer = client.post(f"{LIST}add/", {**FIELDS, **fields})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_secret_is_shown_once_and_only_its_digest_is_kept(administrator: Client):
    found = re.search(r'id="secret">(desk_[\w-]+)<', make(administrator))
    assert found is not None
    token = SubscriberToken.objects.get()
    assert token.digest == digest_of(found[1])
    for address in (LIST, f"{LIST}{token.pk}/change/"):
        assert found[1] not in administrator.get(address).content.decode()
    assert found[1] not in str(vars(token))


def test_what_it_opens_is_kept(administrator: Client):
    make(administrator)
    token = SubscriberToken.objects.get()
    assert (token.sports, token.leagues, token.most_fixtures) == ([6046, 54094], [], 100)
    assert token.made_by is not None
    assert token.made_by.username == "administrator"


@pytest.mark.parametrize("ids", ["football", "-1", "1.5", "99999999999999999999"])
def test_ids_that_are_none_are_refused_in_words(administrator: Client, ids: str):
    assert "whole number" in make(administrator, sports=ids)
    assert not SubscriberToken.objects.exists()


def test_a_revoked_token_stays_to_be_seen_and_cannot_be_changed(administrator: Client):
    make(administrator)
    token = SubscriberToken.objects.get()
    assert administrator.post(f"{LIST}{token.pk}/revoke/").status_code == 302
    token.refresh_from_db()
    revoked_at = token.revoked_at
    assert revoked_at is not None
    assert "revoked" in administrator.get(LIST).content.decode()
    assert administrator.post(f"{LIST}{token.pk}/change/", FIELDS).status_code == 403
    administrator.post(f"{LIST}{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at == revoked_at


def test_several_are_revoked_together(administrator: Client):
    for name in ("one", "two"):
        make(administrator, name=name)
    pks = list(SubscriberToken.objects.values_list("pk", flat=True))
    administrator.post(LIST, {"action": "revoke_selected", "_selected_action": pks})
    assert not SubscriberToken.objects.valid(timezone.now()).exists()


@pytest.mark.parametrize("role", ["trader", "operator"])
def test_nobody_but_administrators_makes_or_revokes_tokens(administrator: Client, role: str):
    make(administrator)
    token, other = SubscriberToken.objects.get(), client_of(role)
    addresses = [LIST, f"{LIST}add/", f"{LIST}{token.pk}/change/"]
    assert {other.get(address).status_code for address in addresses} == {403}
    assert other.post(f"{LIST}{token.pk}/revoke/").status_code == 403


def test_a_token_is_never_deleted(administrator: Client):
    make(administrator)
    pk = SubscriberToken.objects.get().pk
    assert administrator.post(f"{LIST}{pk}/delete/", {"post": "yes"}).status_code == 403
