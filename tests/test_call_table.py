"""What an operator reads: each call to LSports, however it ends, by the button, for many packages, by the command."""

import socket
import ssl
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import chain, cycle, repeat
from typing import Any

import httpx
import pytest
from django.contrib.messages import get_messages
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from packages_admin.admin.at_lsports import ORDERS
from packages_admin.customers import metadata, orders
from packages_admin.models import Package, PackageCall, Suspension
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
#: Of the Customers API, the body of each answer.
BODIES: dict[Call, Any] = {
    call: {form.list: [{form.number: 1, form.name: "One"}]} for call, form in metadata.FORMS.items()
}
BODIES |= {
    Call.TRANSLATIONS: {"Sports": {"1": [{"LanguageId": 7, "Value": "Fußball"}]}},
    Call.QUOTA: {"CreditLimit": 100, "UsedCredit": 40, "CreditRemaining": 60},
    Call.ORDERED: {"Fixtures": [7, 8]},
    Call.ORDERED_DETAILS: {"SubscribedFixtures": [{"FixtureId": 7, "FixtureName": "A v B"}]},
    Call.SCHEDULE: {"Fixtures": [{"FixtureId": 7, "StartDate": "2026-11-21T19:45:00"}]},
    Call.SUSPENSIONS: ONE | {"Suspensions": [{"FixtureId": 7}]},
}
BODIES |= {call: {"Fixtures": [ONE]} for call in orders.BY_FIXTURE}
BODIES |= {call: {"Subscription": [ONE]} for call in ORDERS if call not in orders.BY_FIXTURE}
BODIES |= {call: {"Suspensions": [ONE]} for call in (Call.SUSPEND, Call.RESUME)}
SUCCESSES |= {CALL_PATHS[call]: {"Header": {"HttpStatusCode": 200}, "Body": body} for call, body in BODIES.items()}
SENTENCES = dict.fromkeys(Action, "LSports: Well done.") | {Action.STATUS: "LSports: the package is active."}
#: Of the Customers API, what is posted to the page, the command's options, what is read where all is well.
CUSTOMERS: dict[Call, tuple[dict[str, str], tuple[str, ...], str]] = {
    call: ({"button": call}, (), f"LSports: 1 {call} named.") for call in metadata.FORMS
}
DONE_FOR_ONE = "LSports: done for 1 of 1."
for call, sentence in (
    (Call.TRANSLATIONS, "LSports: 1 names translated."),
    (Call.QUOTA, "40 of 100 credits are used, 60 are left."),
    (Call.ORDERED, "LSports: 2 fixtures are ordered."),
    (Call.ORDERED_DETAILS, "LSports: 1 ordered fixtures start then."),
    (Call.SCHEDULE, "LSports: 1 fixtures are scheduled in play."),
    (Call.SUSPENSIONS, "LSports: 1 suspensions are active."),
):
    CUSTOMERS[call] = {"button": call}, (), sentence
for call in ORDERS:
    name, value = ("fixtures", "7") if call in orders.BY_FIXTURE else ("sport", "6046")
    CUSTOMERS[call] = {"button": "order", "call": call, name: value}, (f"--{name}", value), DONE_FOR_ONE
CUSTOMERS[Call.SUSPEND] = {"button": "suspend", "fixture": "7", "confirmed": "yes"}, ("--fixture", "7"), DONE_FOR_ONE
CUSTOMERS[Call.RESUME] = {"button": "resume"}, ("--fixture", "7"), DONE_FOR_ONE


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


def trade(call: Call, number: int) -> Package:
    """A package of its own for each call and way, since LSports takes the same call of one only so often."""
    package = make_package(
        "trade_in_play", name=f"{call} {number}", package_id=1 + 100 * number + list(Call).index(call), api_base=BASE
    )
    package.language = 7
    package.save()
    return package


def on_its_page(operator: Client, package: Package, fields: dict[str, str]) -> str:
    if fields["button"] == "resume":
        suspension = Suspension.objects.create(package=package, fixture=7, by_name="olga", at=timezone.now())
        fields = fields | {"which": str(suspension.pk)}
    (sentence,) = messages(operator.post(reverse("admin:packages_admin_package_at_lsports", args=[package.pk]), fields))
    return sentence


def by_the_command(package: Package, call: Call, options: tuple[str, ...]) -> tuple[int, str]:
    if call is Call.RESUME:
        Suspension.objects.create(package=package, fixture=7, by_name="olga", at=timezone.now())
    code, written = by_command("customers", str(package.package_id), call, *options)
    return code, written.partition("\n")[0]


def test_the_table_has_every_call():
    assert set(CUSTOMERS) == set(BODIES) == set(Call)


@pytest.mark.parametrize("call", CUSTOMERS)
@pytest.mark.parametrize("name", ["success", *ENDS])
def test_what_else_traders_customers_may_ask(operator: Client, end: dict[str, End], name: str, call: Call):
    fields, options, sentence = CUSTOMERS[call]
    package, other = trade(call, 0), trade(call, 1)
    exit_code = 0
    if name != "success":
        end["is"], sentence, exit_code = ENDS[name]
        sentence = sentence.format(url=package.url(call))
    assert on_its_page(operator, package, fields) == f"{package.name}: {sentence}"
    assert by_the_command(other, call, options) == (exit_code, sentence)


@pytest.mark.parametrize("call", sorted(orders.BY_FIXTURE))
@pytest.mark.parametrize("name", ["success", *ENDS])
def test_many_fixtures_go_in_parts_and_what_was_done_before_a_fault_is_said(
    operator: Client, end: dict[str, End], name: str, call: Call
):
    """The first part is well each time; the second ends as the table says."""
    package, other = trade(call, 0), trade(call, 1)
    ids = ",".join(map(str, range(1, orders.MOST_IDS + 2)))
    sentence, exit_code = DONE_FOR_ONE, 0
    ends: Iterator[End] = cycle([succeeding])
    if name != "success":
        second, sentence, exit_code = ENDS[name]
        sentence = sentence.format(url=package.url(call))
        ends = chain([succeeding], repeat(second))
    end["is"] = lambda path: next(ends)(path)
    both = f"{DONE_FOR_ONE} {sentence}"
    assert (
        on_its_page(operator, package, {"button": "order", "call": call, "fixtures": ids}) == f"{package.name}: {both}"
    )
    if name != "success":
        ends = chain([succeeding], repeat(ENDS[name][0]))
    assert by_the_command(other, call, ("--fixtures", ids)) == (exit_code, both)


@pytest.mark.parametrize("call", [Call.TRANSLATIONS])
def test_without_a_language_nothing_is_sent(operator: Client, end: dict[str, End], call: Call):
    """LSports would be asked for the names in no language."""
    package = trade(call, 0)
    Package.objects.update(language=None)
    assert on_its_page(operator, package, {"button": call}) == f"{package.name}: {metadata.NO_LANGUAGE}"
    assert by_the_command(package, call, ()) == (1, metadata.NO_LANGUAGE)
    assert not PackageCall.objects.exists()
