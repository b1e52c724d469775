"""What TRADE answers, and the sentence that an operator reads."""

from typing import Any

import pytest

from packages_admin.outcome import Kind
from packages_admin.products import Action

from .packages import ask


def trade(message: str | None = None, **body: Any) -> dict[str, Any]:
    return {
        "Header": {"RequestId": "r", "HttpStatusCode": 200, "Errors": None},
        "Body": body | ({"Message": message} if message else {}),
    }


@pytest.mark.parametrize(
    ("action", "status", "body", "kind", "sentence", "is_active"),
    [
        (
            Action.ACTIVATE,
            200,
            trade("Distribution is: Active"),
            Kind.SUCCESS,
            "LSports: Distribution is: Active.",
            True,
        ),
        (
            Action.ACTIVATE,
            200,
            trade("Distribution is already Active"),
            Kind.SUCCESS,
            "LSports: Distribution is already Active.",
            True,
        ),
        (Action.ACTIVATE, 200, trade("Value was already set"), Kind.SUCCESS, "LSports: Value was already set.", True),
        (
            Action.DEACTIVATE,
            200,
            trade("Distribution is: Inactive"),
            Kind.SUCCESS,
            "LSports: Distribution is: Inactive.",
            False,
        ),
        (
            Action.DEACTIVATE,
            200,
            {"Message": "Distribution is already Inactive"},
            Kind.SUCCESS,
            "LSports: Distribution is already Inactive.",
            False,
        ),
        (
            Action.STATUS,
            200,
            trade(IsDistributionOn=False),
            Kind.SUCCESS,
            "LSports: the package is inactive.",
            False,
        ),
        (
            Action.STATUS,
            200,
            trade(IsDistributionOn="yes"),
            Kind.UNEXPECTED,
            "LSports answered, but not whether the package is active.",
            None,
        ),
        (
            Action.ACTIVATE,
            400,
            {"Header": {"HttpStatusCode": 400, "Errors": [{"Message": "Invalid package"}, {"Message": "No user"}]}},
            Kind.REFUSED,
            "LSports refused: Invalid package; No user.",
            None,
        ),
        (
            Action.ACTIVATE,
            401,
            {"Header": {"Errors": [{"Message": "Wrong credentials"}]}, "Body": None},
            Kind.REFUSED,
            "LSports refused (401): Wrong credentials.",
            None,
        ),
        (
            Action.STATUS,
            200,
            {"Header": {"Errors": [{"Message": "Package is blocked"}]}, "Body": {}},
            Kind.REFUSED,
            "LSports refused: Package is blocked.",
            None,
        ),
    ],
)
def test_each_trade_answer_becomes_a_sentence(
    action: Action, status: int, body: Any, kind: Kind, sentence: str, is_active: bool | None
) -> None:
    outcome = ask(action, status, body, "trade_in_play")
    assert (outcome.kind, outcome.sentence, outcome.is_active) == (kind, sentence, is_active)


def test_a_distribution_status_brings_the_queue_with_it() -> None:
    body = trade(IsDistributionOn=True, Consumers=["a", "b"], NumberMessagesInQueue=4200, MessagesPerSecond=31.5)
    queue = ask(Action.STATUS, 200, body, "trade_in_play").queue
    assert queue is not None
    assert (queue.waiting, queue.per_second, queue.consumers) == (4200, 31.5, 2)


def test_a_distribution_status_with_nonsense_for_the_queue_keeps_the_rest() -> None:
    body = trade(IsDistributionOn=True, Consumers="?", NumberMessagesInQueue=-1, MessagesPerSecond="fast")
    outcome = ask(Action.STATUS, 200, body, "trade_in_play")
    assert outcome.is_active is True
    assert outcome.queue is not None
    assert (outcome.queue.waiting, outcome.queue.per_second, outcome.queue.consumers) == (None, None, None)


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize(
    "header",
    [
        {"HttpStatusCode": "401"},
        {"HttpStatusCode": 401},
        {"Errors": [{"Code": 5}]},
        {"Errors": [{}]},
        {"Errors": {"Message": "Not yours"}},
        {"Errors": "Not yours"},
    ],
    ids=str,
)
def test_a_header_that_tells_of_an_error_is_no_success_whatever_it_looks_like(action: Action, header: dict[str, Any]):
    body = {"Header": header, "Body": {"Message": "done", "IsDistributionOn": True}}
    outcome = ask(action, 200, body, "trade_in_play")
    assert (outcome.kind, outcome.is_active) == (Kind.REFUSED, None)
    if "Not yours" in str(header):
        assert outcome.sentence == "LSports refused: Not yours."


@pytest.mark.parametrize(
    ("action", "body"),
    [
        (Action.DEACTIVATE, {"success": True, "error": "Not yours"}),
        (Action.DEACTIVATE, {"success": True, "message": "Package deactivation failed"}),
        (Action.DEACTIVATE, {"success": True, "message": "Package is still active"}),
        (Action.ACTIVATE, {"success": True, "message": "Package is inactive"}),
        (Action.SNAPSHOT, {"success": True, "message": "The request was not sent"}),
    ],
)
def test_a_success_that_contradicts_itself_is_none(action: Action, body: dict[str, Any]):
    outcome = ask(action, 200, body)
    assert not outcome.ok
    assert outcome.is_active is None
