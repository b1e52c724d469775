"""Each documented answer of LSports, in the exact words that the operator sees."""

from typing import Any

import pytest

from packages_admin.outcome import Kind
from packages_admin.products import Action

from .packages import BASE, ask, unsaved_package

ECHO = {"packageId": 123, "username": "ops@example.test"}


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between attempts, in seconds; none of them is waited."""
    pauses: list[float] = []
    monkeypatch.setattr("packages_admin.client.time.sleep", pauses.append)
    return pauses


@pytest.mark.parametrize(
    ("action", "status", "body", "kind", "sentence", "is_active"),
    [
        (
            Action.ACTIVATE,
            200,
            {"success": True, "message": "Package activation completed successfully", **ECHO},
            Kind.SUCCESS,
            "LSports: Package activation completed successfully.",
            True,
        ),
        (
            Action.ACTIVATE,
            200,
            {"success": True, "message": "Package is already active", **ECHO},
            Kind.SUCCESS,
            "LSports: Package is already active.",
            True,
        ),
        (
            Action.DEACTIVATE,
            200,
            {"success": True, "message": "Package deactivation completed successfully", **ECHO},
            Kind.SUCCESS,
            "LSports: Package deactivation completed successfully.",
            False,
        ),
        (
            Action.DEACTIVATE,
            200,
            {"success": True, "message": "Package is already inactive", **ECHO},
            Kind.SUCCESS,
            "LSports: Package is already inactive.",
            False,
        ),
        (
            Action.STATUS,
            200,
            {"success": True, "status": "active", **ECHO},
            Kind.SUCCESS,
            "LSports: the package is active.",
            True,
        ),
        (
            Action.STATUS,
            200,
            {"success": True, "status": "inactive"},
            Kind.SUCCESS,
            "LSports: the package is inactive.",
            False,
        ),
        (
            Action.STATUS,
            200,
            {"success": True, "status": "paused"},
            Kind.UNEXPECTED,
            "LSports answered, but not whether the package is active.",
            None,
        ),
        (
            Action.SNAPSHOT,
            200,
            {"success": True, "message": "Livescore snapshot request sent successfully", **ECHO},
            Kind.SUCCESS,
            "LSports: Livescore snapshot request sent successfully.",
            None,
        ),
        (
            Action.ACTIVATE,
            200,
            {"success": False, "message": "Not today"},
            Kind.REFUSED,
            "LSports refused: Not today.",
            None,
        ),
        (
            Action.SNAPSHOT,
            500,
            {"success": False, "message": "Error message", "packageId": 123},
            Kind.SERVER_ERROR,
            "LSports' server failed (500): Error message.",
            None,
        ),
        (
            Action.ACTIVATE,
            503,
            "<html>",
            Kind.SERVER_ERROR,
            "LSports' server failed (503) and gave no reason.",
            None,
        ),
        (
            Action.STATUS,
            404,
            "gone",
            Kind.UNEXPECTED,
            f"LSports knows no {BASE}/package/status (404). The address and path can be changed in the package.",
            None,
        ),
        (Action.STATUS, 429, {}, Kind.REFUSED, "LSports refused (429): too many calls; wait a minute.", None),
        (
            Action.STATUS,
            200,
            "",
            Kind.NOT_JSON,
            "The answer (200) is not LSports' JSON but of no stated type: nothing at all.",
            None,
        ),
        (
            Action.STATUS,
            200,
            "[1]",
            Kind.NOT_JSON,
            "The answer (200) is not LSports' JSON but of no stated type: [1].",
            None,
        ),
    ],
)
def test_each_livescore_answer_becomes_a_sentence(
    action: Action, status: int, body: Any, kind: Kind, sentence: str, is_active: bool | None
) -> None:
    outcome = ask(action, status, body)
    assert (outcome.kind, outcome.sentence, outcome.is_active) == (kind, sentence, is_active)
    assert outcome.status_code == status


WHO = "check package id, user name and password, and whether LSports lets this address in."


@pytest.mark.parametrize(
    ("status", "kind", "sentence"),
    [
        (400, Kind.REFUSED, "LSports refused and gave no reason."),
        (401, Kind.REFUSED, f"LSports refused (401) and gave no reason: {WHO}"),
        (403, Kind.REFUSED, f"LSports refused (403) and gave no reason: {WHO}"),
        (404, Kind.UNEXPECTED, "LSports knows no {url} (404). The address and path can be changed in the package."),
        (405, Kind.UNEXPECTED, "LSports knows no {url} (405). The address and path can be changed in the package."),
        (418, Kind.REFUSED, "LSports refused (418) and gave no reason."),
        (429, Kind.REFUSED, "LSports refused (429): too many calls; wait a minute."),
        (500, Kind.SERVER_ERROR, "LSports' server failed (500) and gave no reason."),
        (502, Kind.SERVER_ERROR, "LSports' server failed (502) and gave no reason."),
        (503, Kind.SERVER_ERROR, "LSports' server failed (503) and gave no reason."),
        (504, Kind.SERVER_ERROR, "LSports' server failed (504) and gave no reason."),
    ],
)
@pytest.mark.parametrize("product", ["hyper", "trade_in_play"])
@pytest.mark.parametrize("action", list(Action))
def test_a_status_without_a_reason_says_what_it_may_be(
    action: Action, product: str, status: int, kind: Kind, sentence: str
) -> None:
    outcome = ask(action, status, "<html><h1>A proxy's own page</h1></html>", product)
    url = unsaved_package(product).url(action)
    assert (outcome.kind, outcome.sentence) == (kind, sentence.replace("{url}", url))
    assert outcome.is_active is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    outcome = ask(Action.STATUS, status, "", location="https://else.example.test/")
    assert outcome.kind == Kind.UNEXPECTED
    assert outcome.sentence == (
        f"{BASE}/package/status sends us on to https://else.example.test/ ({status}). "
        "We do not follow: the password is in the call."
    )


@pytest.mark.parametrize(
    "text",
    [
        "PackageId must be a positive integer",
        "Username is required",
        "Password is required",
        "Invalid package credentials",
    ],
)
@pytest.mark.parametrize("action", list(Action))
def test_the_documented_refusals_are_shown_in_lsports_words(action: Action, text: str) -> None:
    outcome = ask(action, 400, {"error": text})
    assert outcome.kind == Kind.REFUSED
    assert outcome.sentence == f"LSports refused: {text}."
    assert outcome.is_active is None
