"""Every address against every role: who is refused where, and that looking changes nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from feed.models import FeedSource, Fixture, RejectedMessage, Sport, UnknownCode
from livescore_site.people import BACKEND
from packages_admin.models import Package, PackageCall

from .packages import make_package, make_user

pytestmark = pytest.mark.django_db

#: What a stranger may see: the way in, whether the desk lives, and how programs talk to it.
OPEN = {"/sign_in/", "/sign_in/demo/", "/healthz", "/readyz", "/admin/login/", "/docs/stream/"}
OPEN |= {
    "/docs/asyncapi.yaml",
    "/docs/openapi.yaml",
    "/proof/checkpoint",
    "/proof/cosigned",
    "/proof/witness/add-checkpoint",
}
#: Own tokens, not sessions, open these; their own tests hold them.
BY_TOKEN = ("/api/", "/metrics")
#: Whoever may enter the operations pages may have these.
FOR_ALL_OPERATIONS = {
    "/admin/",
    "/admin/code/",
    "/admin/enrol/",
    "/admin/login/",
    "/admin/logout/",
    "/admin/password_change/",
    "/admin/password_change/done/",
    "/admin/jsi18n/",
}
#: Writes that looking may bring: the session's own, and the count of sign-ins.
WRITES = ("INSERT", "UPDATE", "DELETE")
OWN_WRITES = ("django_session", "accounts_")


def patterns(resolver: Any, prefix: str = "/") -> Iterator[str]:
    for entry in resolver.url_patterns:
        part = str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, prefix + part)
        elif isinstance(entry, URLPattern):
            yield prefix + part


def addresses() -> list[str]:
    """Every address of the desk, with an object's key where one is wanted."""
    filled = set()
    for pattern in patterns(get_resolver()):
        path = pattern
        for wanted in ("fixture_id", "market_id", "provider_id", "bet_id", "pk", "number"):
            path = path.replace(f"<int:{wanted}>", "7")
        path = path.replace("<moment:moment>", "2026-05-01T12:00:00.000").replace("<slug:turn>", "goal")
        path = path.replace("<moment:other>", "2026-05-01T12:01:00.000")
        path = path.replace("<path:object_id>", "7").replace("<id>", "7").replace("<int:content_type_id>", "1")
        if "(?P<app_label>" in path or "<" in path or "(?" in path or path.endswith("catch_all"):
            continue
        filled.add(path.replace("\\Z", "").replace("^", "").replace("$", ""))
    return sorted(filled)


ADDRESSES = addresses()
OPERATIONS = [path for path in ADDRESSES if path.startswith("/admin/") and path not in OPEN]
SESSION_PAGES = [path for path in ADDRESSES if path not in OPEN and not path.startswith(BY_TOKEN)]


@pytest.fixture(autouse=True)
def things() -> None:
    """An object under the key 7 of each kind that an address may name."""
    source = FeedSource.objects.create(pk=7, name="feed")
    sport = Sport.objects.create(pk=6046, name="Football")
    now = timezone.now()
    Fixture.objects.create(pk=7, name="A v B", sport=sport, source=source, status=2, start_at=now)
    RejectedMessage.objects.create(pk=7, source=source, received_at=now, reason="r", body=b"{", digest="d")
    UnknownCode.objects.create(pk=7, kind="statistic", code=4711, first_seen_at=now, last_seen_at=now)
    make_package(pk=7)
    PackageCall.objects.create(pk=7, package_name="n", action="status", actor_name="a", origin="admin", asked_at=now)


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    return browser


def test_the_addresses_are_all_there():
    for path in (
        "/",
        "/fixtures/7/",
        "/at/2026-05-01T12:00:00.000/fixtures/7/",
        "/shown/",
        "/shown/fixture/",
        "/sign_in/",
        "/admin/packages_admin/package/",
        "/admin/packages_admin/package/7/activate/",
        "/admin/packages_admin/package/7/deactivate/",
        "/admin/packages_admin/package/7/status/",
        "/admin/packages_admin/package/7/snapshot/",
        "/admin/packages_admin/package/7/facts/",
        "/admin/packages_admin/packagecall/export/",
        "/admin/feed/rejectedmessage/retry/",
        "/admin/feed/rejectedmessage/7/retry/",
        "/admin/auth/user/",
    ):
        assert path in ADDRESSES


def answers(browser: Client, paths: list[str]) -> Iterator[tuple[str, str, Any]]:
    for path in paths:
        yield "get", path, browser.get(path)
        yield "post", path, browser.post(path)


def test_a_stranger_is_sent_to_sign_in_from_everywhere():
    let_in = [
        (method, path, answer.status_code)
        for method, path, answer in answers(Client(), SESSION_PAGES)
        if answer.status_code != 302 or not answer.url.startswith(("/sign_in/", "/admin/login/"))
    ]
    assert let_in == []


def test_a_trader_is_refused_on_every_operations_page():
    trader = signed_in(make_user("trader"))
    let_in = [
        (method, path, answer.status_code)
        for method, path, answer in answers(trader, OPERATIONS)
        if answer.status_code != 403 and (method, answer.status_code) != ("post", 405)
    ]
    assert let_in == []


def test_an_operator_without_any_other_permission_is_refused_on_every_page_that_needs_one():
    user = make_user()
    model = ContentType.objects.get_for_model(Package)
    user.user_permissions.add(Permission.objects.get(content_type=model, codename="use_operations"))
    paths = [path for path in OPERATIONS if path not in FOR_ALL_OPERATIONS]
    let_in = [
        (method, path, answer.status_code)
        for method, path, answer in answers(signed_in(user), paths)
        if not is_refused(answer)
    ]
    assert let_in == []


def is_refused(answer: Any) -> bool:
    """Refused, or sent on to where it is. To the index Django sends whoever asks for what there is not."""
    if answer.status_code != 302:
        return answer.status_code in (403, 404, 405)
    return answer.url == "/admin/" or answer.url.endswith("/7/change/")


def test_looking_changes_nothing():
    browser = signed_in(User.objects.create_superuser("root", password="open sesame 77"))
    wrote = {}
    for path in ADDRESSES:
        with CaptureQueriesContext(connection) as seen:
            browser.get(path)
        writes = [sql for sql in (query["sql"] for query in seen.captured_queries) if sql.startswith(WRITES)]
        if others := [sql for sql in writes if not any(own in sql for own in OWN_WRITES)]:
            wrote[path] = others
    assert wrote == {}


def test_what_shows_a_page_also_answers_whether_it_is_there():
    root = signed_in(User.objects.create_superuser("root"))
    codes = [(path, root.get(path).status_code, root.head(path).status_code) for path in ADDRESSES]
    assert [code for code in codes if code[1] != code[2]] == []
