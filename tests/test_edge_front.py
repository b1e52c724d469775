"""Who is at the other end, which proxies are believed on that, and from which page a socket was opened."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from livescore_site.edge.addresses import as_seen, network_of, trusted_networks
from livescore_site.edge.front import is_own

PROXIES = trusted_networks(["10.0.0.0/8", "127.0.0.1"])


def scope(peer: str, *headers: tuple[str, str], kind: str = "http", **more: Any) -> dict[str, Any]:
    pairs = [(name.encode(), value.encode()) for name, value in headers]
    return {"type": kind, "client": [peer, 4711], "headers": pairs, "root_path": "/evil", "scheme": "http", **more}


def forwarded(*values: str) -> list[tuple[str, str]]:
    return [("x-forwarded-for", value) for value in values]


def test_a_strangers_word_about_his_address_counts_nothing():
    seen = as_seen(scope("192.0.2.7", *forwarded("1.1.1.1"), ("x-forwarded-proto", "https")), PROXIES)
    assert (seen["client"][0], seen["scheme"], seen["headers"]) == ("192.0.2.7", "http", [])


@pytest.mark.parametrize(
    ("chain", "client"),
    [
        (["192.0.2.7"], "192.0.2.7"),
        (["1.1.1.1, 192.0.2.7"], "192.0.2.7"),
        (["1.1.1.1", "192.0.2.7, 10.2.2.2"], "192.0.2.7"),
        (["10.3.3.3"], "10.3.3.3"),
        (["192.0.2.7, nonsense"], "10.1.1.1"),
        ([], "10.1.1.1"),
    ],
)
def test_of_a_proxys_chain_the_last_address_that_is_no_proxy_is_the_clients(chain: list[str], client: str):
    assert as_seen(scope("10.1.1.1", *forwarded(*chain)), PROXIES)["client"][0] == client


def test_a_proxy_says_that_a_page_came_by_https():
    assert as_seen(scope("127.0.0.1", ("x-forwarded-proto", "https")), PROXIES)["scheme"] == "https"
    by_socket = scope("127.0.0.1", ("x-forwarded-proto", "https"), kind="websocket")
    assert as_seen(by_socket, PROXIES)["scheme"] == "wss"


def test_nobody_moves_the_desk_to_another_path():
    seen = as_seen(scope("127.0.0.1", ("daphne-root-path", "/admin"), ("x-forwarded-host", "evil.example")), PROXIES)
    assert (seen["root_path"], seen["headers"]) == ("", [])


def test_an_ipv6_network_counts_as_one_address():
    first, second, other = (network_of(scope(text)) for text in ("2001:db8::1", "2001:db8::ffff:2", "2001:db9::1"))
    assert first == second != other
    assert network_of(scope("192.0.2.7")) == "192.0.2.7"


def test_what_is_no_network_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
        trusted_networks(["proxy.example"])


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("http://desk.example:8000", True),
        ("http://DESK.example:8000", True),
        ("https://desk.example:8000", False),
        ("http://desk.example", False),
        ("http://desk.example:8001", False),
        ("http://evil.example:8000", False),
        ("http://desk.example:8000@evil.example", False),
        ("http://desk.example:8000/", False),
        ("http://desk.example:port", False),
        ("null", False),
        ("", False),
    ],
)
def test_a_socket_is_opened_by_a_page_of_the_same_scheme_name_and_port(origin: str, own: bool):
    assert is_own(origin, scope("192.0.2.7", ("host", "desk.example:8000"), kind="websocket", scheme="ws")) is own


def test_the_scheme_is_the_one_that_the_browser_sees():
    secure = scope("192.0.2.7", ("host", "desk.example"), kind="websocket", scheme="wss")
    assert is_own("https://desk.example", {**secure})
    assert not is_own("http://desk.example", {**secure})
