"""Where a package's password may go: allowed hosts and addresses only, and never where it was not entered for."""

import socket
from typing import Any

import pytest
from django.test import Client

from packages_admin import client
from packages_admin.destinations import HOST_REFUSED, address_fault, is_allowed, is_reachable
from packages_admin.models import Package
from packages_admin.outcome import Kind
from packages_admin.products import Action
from packages_admin.secrets import OtherAddress

from .packages import PASSWORD, LSports, make_package, make_user, package_at, signed_in, unsaved_package
from .test_package_admin import LIST, fields

INSIDE = [
    "10.0.0.5",
    "192.168.1.1",
    "172.16.0.1",
    "169.254.169.254",
    "127.0.0.1",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - refused, not bound
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "::ffff:10.0.0.5",
    "2002:a00:5::1",
    "64:ff9b::a00:5",
    "ff02::1",
]


@pytest.fixture
def operator(db: None) -> Client:
    make_user("operator")
    return signed_in("operator")


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ("api_base", "https://other.lsports.eu"),
        ("snapshot_base", "https://other.lsports.eu"),
        ("amqp_host", "other.lsports.eu"),
        ("amqp_port", 5999),
        ("amqp_tls", "True"),
        ("user_name", "else"),
        ("product", "trade_in_play"),
    ],
)
def test_another_address_or_user_demands_the_password_anew(changed: str, value: Any, operator: Client):
    package = make_package()
    page = operator.post(f"{LIST}{package.pk}/change/", fields(**{changed: value})).content.decode()
    assert "Enter the password again" in page
    assert Package.objects.get().addresses() == package.addresses()
    answer = operator.post(f"{LIST}{package.pk}/change/", fields(**{changed: value}, new_password=PASSWORD))
    assert answer.status_code == 302
    assert Package.objects.get().reveal_password() == PASSWORD


@pytest.mark.django_db
def test_a_password_does_not_go_where_it_was_not_entered_for_whoever_wrote_the_row(lsports: LSports):
    package = package_at(lsports)
    Package.objects.update(user_name="else")
    with pytest.raises(OtherAddress):
        Package.objects.get().reveal_password()
    Package.objects.update(user_name="ops", api_base=f"{lsports.url}/elsewhere")
    with pytest.raises(OtherAddress):
        client.ask(Package.objects.get(pk=package.pk), Action.STATUS)
    assert lsports.requests == []


@pytest.mark.parametrize(
    "address",
    ["https://10.0.0.5:22", "https://no-such-host.example", "https://127.0.0.2.example:5432", "http://[::2]/"],
)
def test_every_host_that_is_not_allowed_is_refused_in_the_same_words(address: str, monkeypatch: pytest.MonkeyPatch):
    def look_up(*args: object, **options: object) -> None:
        raise AssertionError("the form looked")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", look_up)
    assert address_fault(address) == HOST_REFUSED


def test_plain_http_is_for_loopback_alone():
    assert address_fault("http://stm-api.lsports.eu") == "Use https: over http, the password can be read on its way."
    assert address_fault("https://stm-api.lsports.eu") == ""
    assert address_fault("http://127.0.0.1:5100") == address_fault("http://localhost:5100") == ""


def test_a_broker_is_among_the_allowed_hosts_and_keeps_its_tls(operator: Client):
    package = make_package()
    given = fields(amqp_host="10.0.0.5", new_password=PASSWORD)
    assert HOST_REFUSED in operator.post(f"{LIST}{package.pk}/change/", given).content.decode()
    given = fields(amqp_tls="False", new_password=PASSWORD)
    page = operator.post(f"{LIST}{package.pk}/change/", given).content.decode()
    assert "Without TLS the password would go out readable." in page


def test_an_entry_may_name_a_domain_or_a_port(settings: Any):
    settings.PACKAGE_HOSTS = [".lsports.eu", "relay.example:8443", "[::1]:5100"]
    assert is_allowed("stm-api.LSPORTS.eu", 443)
    assert not is_allowed("notlsports.eu", 443)
    assert not is_allowed("lsports.eu.example", 443)
    assert is_allowed("relay.example", 8443)
    assert not is_allowed("relay.example", 443)
    assert is_allowed("::1", 5100)
    assert not is_allowed("::1", 5101)


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_does_not_lead_to_an_address_inside(address: str):
    assert not is_reachable("stm-api.lsports.eu", address)


def test_a_name_leads_to_public_addresses_and_localhost_to_loopback():
    assert is_reachable("stm-api.lsports.eu", "52.1.2.3")
    assert is_reachable("stm-api.lsports.eu", "2600:1f18::1")
    assert is_reachable("localhost", "127.0.0.1")
    assert not is_reachable("localhost", "10.0.0.5")
    assert not is_reachable("169.254.169.254", "169.254.169.254")


def test_a_host_is_looked_up_once_and_refused_before_anything_is_sent(
    lsports: LSports, monkeypatch: pytest.MonkeyPatch
):
    hosts: list[str] = []

    def inside(host: str, port: int, **options: Any) -> list[Any]:
        hosts.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    port = lsports.url.rpartition(":")[2]
    outcome = client.ask(unsaved_package(api_base=f"https://api.lsports.eu:{port}"), Action.STATUS).outcome
    assert outcome.kind == Kind.NOT_ALLOWED
    assert outcome.sentence == f"Nothing was sent to api.lsports.eu:{port}. {HOST_REFUSED}"
    assert hosts == ["api.lsports.eu"]
    assert lsports.requests == []


@pytest.mark.parametrize("field", ["name", "user_name", "api_base", "amqp_host", "queue_name", "status_path"])
@pytest.mark.parametrize("character", ["\r\n", "\x1b", "\u2028", "\u202e"])
def test_no_field_takes_a_line_break_or_a_control_character(field: str, character: str, operator: Client):
    package = make_package()
    value = {"api_base": "https://a.lsports.eu/", "status_path": "/status"}.get(field, "north")
    forged = fields(**{field: f"{value}{character}2026-01-01 ERROR forged"}, new_password=PASSWORD)
    assert operator.post(f"{LIST}{package.pk}/change/", forged).status_code == 200
    assert "forged" not in str(vars(Package.objects.get()))
