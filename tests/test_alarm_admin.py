"""Destinations of alarms in the admin: entered, tried, and never shown again."""

import pytest

from alarms.models import Destination
from tests.packages import make_user, signed_in

from .test_alarms import Receiver, destination, keys, receiver  # noqa: F401 - keys and receiver are fixtures

pytestmark = pytest.mark.django_db


def test_an_operator_adds_a_destination_tries_it_and_never_sees_its_address_again(receiver: Receiver):  # noqa: F811
    make_user("operator")
    client = signed_in("operator")
    form = {"name": "Desk hook", "kind": "webhook", "new_address": receiver.url, "new_secret": "s", "is_on": "on"}
    assert client.post("/admin/alarms/destination/add/", form).status_code == 302
    made = Destination.objects.get()
    page = client.get(f"/admin/alarms/destination/{made.pk}/change/").content.decode()
    assert "127.0.0.1/…" in page
    assert receiver.url not in page
    answer = client.post(f"/admin/alarms/destination/{made.pk}/try/", follow=True)
    assert "accepted a trial message" in answer.content.decode()
    assert receiver.events() == ["trial"]


@pytest.mark.parametrize(
    ("kind", "address", "words"),
    [
        ("webhook", "https://10.1.2.3/", "ALARM_HOSTS"),
        ("slack", "ftp://127.0.0.1/", "Enter the whole address"),
        ("email", "nobody", "Enter a valid email address"),
        ("teams", "", "Enter the address."),
    ],
)
def test_an_address_that_will_not_do_is_refused_in_words(kind: str, address: str, words: str):
    form = {"name": "x", "kind": kind, "new_address": address, "new_secret": "", "is_on": "on"}
    make_user("operator")
    assert words in signed_in("operator").post("/admin/alarms/destination/add/", form).content.decode()
    assert not Destination.objects.exists()


def test_another_address_demands_the_secret_anew():
    made = destination("https://127.0.0.1:1/", secret="signs")
    make_user("operator")
    form = {"name": made.name, "kind": "webhook", "new_address": "https://127.0.0.1:2/", "is_on": "on"}
    page = signed_in("operator").post(f"/admin/alarms/destination/{made.pk}/change/", form).content.decode()
    assert "Enter the secret again" in page
    assert Destination.objects.get().address.reveal() == "https://127.0.0.1:1/"


def test_a_trader_and_an_administrator_may_not_try_one(receiver: Receiver):  # noqa: F811
    made = destination(receiver.url)
    for role in ("trader", "administrator"):
        make_user(role)
        assert signed_in(role).post(f"/admin/alarms/destination/{made.pk}/try/").status_code == 403
    assert receiver.bodies == []
