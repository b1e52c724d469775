"""What `BEHIND_TLS` turns on: cookies for this host alone, https only, the code for operators."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from livescore_site.edge.in_the_clear import EncryptedPrograms

from .packages import make_user

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent
RIGHT = {"username": "trader", "password": "open sesame 77"}


@pytest.fixture
def behind_tls(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """The desk with what `BEHIND_TLS` changes in its settings; all of those settings."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    for name in ("BEHIND_TLS", "DATABASE_URL", "PACKAGE_HOSTS", "TRUSTED_PROXIES", "OPERATOR_TOTP_REQUIRED"):
        monkeypatch.delenv(name, raising=False)
    plain = settings_read()
    monkeypatch.setenv("BEHIND_TLS", "True")
    secure = settings_read()
    for name in secure:
        if name.isupper() and name not in ("SECRET_KEY", "CREDENTIAL_KEYS") and secure[name] != plain[name]:
            setattr(settings, name, secure[name])
    return secure


def settings_read() -> dict[str, Any]:
    """The desk's settings as the environment says now, beside those that are in force."""
    spec = spec_from_file_location("livescore_site.settings_read", ROOT / "livescore_site" / "settings.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


def test_behind_tls_cookies_are_for_this_host_alone(behind_tls: dict[str, Any]):
    make_user("trader")
    browser = Client(enforce_csrf_checks=True)
    token = browser.get("/sign_in/", secure=True).cookies["__Host-csrftoken"].value
    words = RIGHT | {"csrfmiddlewaretoken": token}
    answer = browser.post("/sign_in/", words, secure=True, headers={"Referer": "https://testserver/sign_in/"})
    assert answer.status_code == 302
    assert set(answer.cookies) == {"__Host-sessionid", "__Host-csrftoken", "__Host-known_browser"}
    for cookie in answer.cookies.values():
        assert cookie["secure"]
        assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Lax")
    assert answer.cookies["__Host-sessionid"]["httponly"]
    assert answer.cookies["__Host-known_browser"]["httponly"]


def test_behind_tls_everything_is_https_and_stays_so(behind_tls: dict[str, Any]):
    answer = Client().get("/sign_in/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://testserver/sign_in/")
    promised = Client().get("/sign_in/", secure=True).headers["Strict-Transport-Security"]
    assert promised == "max-age=31536000; includeSubDomains"


async def answer_to(kind: str, path: str, *, peer: str, scheme: str) -> list[dict[str, Any]]:
    """What somebody is answered who asks for this."""
    sent: list[dict[str, Any]] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        sent.append({"type": "let in"})

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": kind, "path": path, "client": [peer, 4711], "scheme": scheme, "headers": []}
    await EncryptedPrograms(inner)(scope, receive, send)
    return sent


@pytest.mark.parametrize("path", ["/api/v1/fixtures/", "/metrics", "/api/v1/feed/"])
async def test_a_program_without_tls_is_refused_in_words_and_not_redirected(path: str):
    start, body = await answer_to("http", path, peer="192.0.2.7", scheme="http")
    assert (start["status"], b"location" in dict(start["headers"])) == (403, False)
    assert b"Use https" in body["body"]


@pytest.mark.parametrize("path", ["/ws/v1/stream", "/ws/v1/pages/"])
async def test_a_socket_without_tls_is_refused(path: str):
    assert [message["type"] for message in await answer_to("websocket", path, peer="192.0.2.7", scheme="ws")] == [
        "websocket.close"
    ]


@pytest.mark.parametrize(
    ("kind", "path", "peer", "scheme"),
    [
        ("http", "/api/v1/fixtures/", "192.0.2.7", "https"),
        ("http", "/metrics", "127.0.0.1", "http"),
        ("http", "/", "192.0.2.7", "http"),
        ("websocket", "/ws/v1/stream", "::1", "ws"),
        ("websocket", "/ws/v1/stream", "192.0.2.7", "wss"),
    ],
)
async def test_whoever_comes_by_tls_or_from_this_machine_is_let_in_and_a_page_is_redirected_by_django(
    kind: str, path: str, peer: str, scheme: str
):
    assert await answer_to(kind, path, peer=peer, scheme=scheme) == [{"type": "let in"}]


def test_behind_tls_operators_need_a_code_and_passwords_go_to_lsports_alone(behind_tls: dict[str, Any]):
    assert behind_tls["OPERATOR_TOTP_REQUIRED"] is True
    assert behind_tls["PACKAGE_HOSTS"] == [".lsports.eu"]
    assert [str(network) for network in behind_tls["TRUSTED_PROXIES"]] == ["127.0.0.1/32", "::1/128"]


def test_every_page_says_what_browsers_may_do_with_it():
    headers = Client().get("/sign_in/").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "object-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Server" not in headers
