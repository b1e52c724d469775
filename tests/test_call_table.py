"""What an operator reads: each call to LSports, however it ends, by the button, for many packages, by the command."""

import socket
import ssl
from collections.abc import Callable
from io import StringIO
from typing import Any

import httpx
import pytest
from django.contrib.messages import get_messages
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from packages_admin.models import Package
from packages_admin.products import CALL_PATHS, HYPER, Action, Call

from .packages import make_package, make_user, signed_in

pytestmark = pytest.mark.django_db
HOST = "stm-api.lsports.eu"
BASE = f"https://{HOST}"
End = Callable[[str], httpx.Response]


def answering(status: int, body: Any) -> End:
    if isinstance(body, str):
        return lambda _: httpx.Response(status, text=body, headers={"content-type": "text/html; charset=utf-8"})
    return lambda _: httpx.Response(status, json=body)


def failing(error: Exception, cause: Exception | None = None) -> End:
    def fail(_path: str) -> httpx.Response:
        raise error from cause

    return fail


def succeeding(path: str) -> httpx.Response:
    return httpx.Response(200, json=SUCCESSES[path])


EXPIRED = ssl.SSLCertVerificationError(1, "certificate verify failed")
EXPIRED.verify_message = "certificate has expired"
NO_SUCH_HOST = socket.gaierror(-2, "Name or service not known")
REFUSED = ConnectionRefusedError(111, "Connection refused")
#: How a call may end, but for success: what LSports or the network does, what is read, the command's exit code.
ENDS: dict[str, tuple[End, str, int]] = {
    "refused": (
        answering(400, {"error": "Invalid package credentials"}),
        "LSports refused: Invalid package credentials.",
        1,
    ),
    "limit": (answering(429, {}), "LSports refused (429): too many calls; wait a minute.", 1),
    "500": (answering(500, {}), "LSports' server failed (500) and gave no reason.", 1),
    "time-out": (
        failing(httpx.ReadTimeout("")),
        f"{HOST} did not answer within 20 s; it may have done it all the same.",
        3,
    ),
    "not JSON": (
        answering(200, "<p>Hello</p>"),
        "The answer (200) is not LSports' JSON but text/html: <p>Hello</p>.",
        1,
    ),
    "TLS": (
        failing(httpx.ConnectError(""), EXPIRED),
        f"The certificate of {HOST} is not to be trusted: certificate has expired.",
        3,
    ),
    "DNS": (
        failing(httpx.ConnectError(""), NO_SUCH_HOST),
        f"The host of {HOST} was not found: Name or service not known.",
        3,
    ),
    "gone": (failing(httpx.ConnectError(""), REFUSED), f"No connection to {HOST}: Connection refused.", 3),
    "moved": (
        answering(404, {}),
        "LSports knows no {url} (404). The address and path can be changed in the package.",
        1,
    ),
}
DONE = {"success": True, "message": "Well done"}
ONE = {"Succeeded": True, "Success": True}
#: By path, what LSports answers where all is well.
SUCCESSES: dict[str, Any] = dict.fromkeys(HYPER.paths.values(), DONE)
SUCCESSES |= {HYPER.paths[Action.STATUS]: DONE | {"status": "active"}}
LISTS: dict[str, Any] = {"Sports": [], "Fixtures": [], "Suspensions": [], "CreditLimit": 100}
SUCCESSES |= {path: {"Header": {"HttpStatusCode": 200}, "Body": ONE | LISTS} for path in CALL_PATHS.values()}
for call, listed in (
    (Call.ORDER_FIXTURES, "Fixtures"),
    (Call.CANCEL_LEAGUES, "Subscription"),
    (Call.SUSPEND, "Suspensions"),
):
    SUCCESSES[CALL_PATHS[call]] = {"Header": {}, "Body": {listed: [ONE]}}
SENTENCES = dict.fromkeys(Action, "LSports: Well done.") | {Action.STATUS: "LSports: the package is active."}
#: Of the Customers API, a call of each sort: what is posted to the page, the command's options, what is read.
CUSTOMERS: dict[Call, tuple[dict[str, str], tuple[str, ...], str]] = {
    Call.SPORTS: ({"button": "sports"}, (), "0 sports named."),
    Call.QUOTA: ({"button": "quota"}, (), "credits"),
    Call.ORDERED: ({"button": "ordered"}, (), "0 fixtures are ordered."),
    Call.SCHEDULE: ({"button": "schedule"}, (), "0 fixtures"),
    Call.SUSPENSIONS: ({"button": "suspensions"}, (), "0 suspensions are active."),
    Call.ORDER_FIXTURES: (
        {"button": "order", "call": "order_fixtures", "fixtures": "7"},
        ("--fixtures", "7"),
        "LSports: done for 1 of 1.",
    ),
    Call.CANCEL_LEAGUES: (
        {"button": "order", "call": "cancel_leagues", "sport": "6046"},
        ("--sport", "6046"),
        "LSports: done for 1 of 1.",
    ),
    Call.SUSPEND: (
        {"button": "suspend", "fixture": "7", "confirmed": "yes"},
        ("--fixture", "7"),
        "LSports: done for 1 of 1.",
    ),
}


@pytest.fixture(autouse=True)
def end(monkeypatch: pytest.MonkeyPatch) -> dict[str, End]:
    """How every call ends, under "is"; nothing is waited for between attempts."""
    ends: dict[str, End] = {"is": succeeding}
    carry = httpx.MockTransport(lambda request: ends["is"](request.url.path))
    monkeypatch.setattr("packages_admin.client.CheckedTransport", lambda seconds: carry)
    monkeypatch.setattr("packages_admin.client.time.sleep", lambda seconds: None)
    return ends


@pytest.fixture
def operator() -> Client:
    make_user("operator")
    return signed_in()


def messages(answer: Any) -> list[str]:
    """What the newest of the page's messages says; earlier ones wait for a page that shows them."""
    return [message.message for message in get_messages(answer.wsgi_request)][-1:]


def by_button(operator: Client, action: str, package: Package) -> list[str]:
    path = reverse(f"admin:packages_admin_package_{action}", args=[package.pk])
    return messages(operator.post(path, {"confirmed": "yes"}))


def in_bulk(operator: Client, action: str, package: Package) -> list[str]:
    name = {"status": "refresh"}.get(action, action)
    fields = {"action": f"{name}_selected", "_selected_action": [package.pk], "confirmed": "yes"}
    return messages(operator.post(reverse("admin:packages_admin_package_changelist"), fields))


def by_command(name: str, *arguments: str) -> tuple[int, str]:
    """The exit code, and what was written."""
    out = StringIO()
    try:
        call_command(name, *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def made(action: str) -> Package:
    """A package of its own for each action, so that no limit of LSports' between two calls counts."""
    return make_package(name=action, package_id=list(Action).index(Action(action)) + 1, api_base=BASE)


@pytest.mark.parametrize("way", [by_button, in_bulk], ids=["page", "bulk"])
@pytest.mark.parametrize("name", ["success", *ENDS])
def test_on_the_page(operator: Client, end: dict[str, End], name: str, way: Callable[..., list[str]]):
    if name != "success":
        end["is"] = ENDS[name][0]
    for action in Action:
        package = made(action)
        sentence = SENTENCES[action] if name == "success" else ENDS[name][1].format(url=package.url(action))
        assert way(operator, action, package) == [f"{action}: {sentence}"]


@pytest.mark.parametrize("name", ["success", *ENDS])
def test_by_the_command(end: dict[str, End], name: str):
    if name != "success":
        end["is"] = ENDS[name][0]
    for action in Action:
        package = made(action)
        code, sentence = by_command("package", action, str(package.package_id))
        if name == "success":
            assert (code, sentence) == (0, f"{SENTENCES[action]}\n")
        else:
            assert (code, sentence) == (ENDS[name][2], ENDS[name][1].format(url=package.url(action)))


@pytest.mark.parametrize("name", ["success", *ENDS])
def test_what_else_traders_customers_may_ask(operator: Client, end: dict[str, End], name: str):
    if name != "success":
        end["is"] = ENDS[name][0]
    for place, (call, (fields, options, words)) in enumerate(CUSTOMERS.items(), 1):
        # Two packages, since LSports takes the same call of one only so often.
        package, other = (
            make_package("trade_in_play", name=f"{call} {number}", package_id=number, api_base=BASE)
            for number in (place, 100 + place)
        )
        page = reverse("admin:packages_admin_package_at_lsports", args=[package.pk])
        (on_page,) = messages(operator.post(page, fields))
        code, by_shell = by_command("customers", str(other.package_id), call, *options)
        if name == "success":
            assert (words in on_page, words in by_shell, code) == (True, True, 0), (on_page, by_shell)
        else:
            sentence = ENDS[name][1].format(url=package.url(call))
            assert (on_page, by_shell, code) == (f"{package.name}: {sentence}", sentence, ENDS[name][2])
