"""Webhooks: a program is posted what changed, signed: once where it takes it, again where not, on from where it was."""

import hashlib
import hmac
import json
from concurrent.futures import wait
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from feed.models import FeedSource, Fixture, SubscriberToken
from packages_admin.secrets import Sealed
from tests.api_documents import OPENAPI, schema_validator
from tests.packages import make_user, signed_in
from tests.rows import make_bet, make_fixture, make_market, make_source
from tests.test_alarms import Receiver, keys, receiver  # noqa: F401 - fixtures
from webhooks.models import Webhook
from webhooks.posting import Posting

pytestmark = pytest.mark.django_db
SECRET = "a word that both know"
Contents = SubscriberToken.Contents
NEVER = "http://127.0.0.1:9/"


@pytest.fixture(autouse=True)
def fixtures(settings: Any, keys: None) -> None:  # noqa: F811
    """Two fixtures, of which the first has a price."""
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    now = timezone.now()
    make_source(last_message_at=now, state_since=now)
    for pk in (7, 8):
        make_fixture(pk, revision=1, fixture_revision=1, markets_revision=1, stored_at=now, start_at=now)
    make_bet(make_market(Fixture.objects.get(pk=7), revision=1), "1", "2.1", revision=1)


def hook(address: str, **fields: Any) -> Webhook:
    name = fields.pop("name", "odds screen")
    return Webhook.objects.create(name=name, address=Sealed.of(address), secret=Sealed.of(SECRET), **fields)


def change(pk: int) -> None:
    fixture = Fixture.objects.get(pk=pk)
    Fixture.objects.filter(pk=pk).update(
        revision=fixture.revision + 1, fixture_revision=fixture.revision + 1, stored_at=timezone.now()
    )


def tell(posting: Posting, now: datetime | None = None) -> None:
    """Until all is told."""
    while posting.step(now or timezone.now()):
        wait([posted.outcome for posted in posting.under_way.values()])


def ids(body: bytes) -> list[int]:
    return [state["id"] for state in json.loads(body)["fixtures"]]


def test_a_program_is_posted_everything_signed_and_then_what_changed(receiver: Receiver):  # noqa: F811
    made, posting = hook(receiver.url), Posting()
    tell(posting)
    change(8)
    tell(posting)
    tell(posting)
    assert [ids(body) for body in receiver.bodies] == [[7, 8], [8]]
    assert [json.loads(body)["all"] for body in receiver.bodies] == [True, False]
    for body, headers in zip(receiver.bodies, receiver.headers, strict=True):
        at, digest = (part.partition("=")[2] for part in headers["livescore-signature"].split(","))
        assert digest == hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        assert headers["livescore-delivery"] == f"{made.pk}-{json.loads(body)['since']}"
        schema_validator("ChangedFixtures").validate(json.loads(body))
    made.refresh_from_db()
    assert (made.bodies, made.since) == (2, json.loads(receiver.bodies[-1])["since"])
    assert made.taken_at is not None


def test_it_is_described_as_it_is_sent():
    posted = OPENAPI["webhooks"]["changed"]["post"]
    assert posted["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/ChangedFixtures")
    assert {one["name"].lower() for one in posted["parameters"]} == {"livescore-signature", "livescore-delivery"}


@pytest.mark.parametrize(
    ("wanted", "states"),
    [
        ({"fixtures": [8]}, {8: True}),
        ({"sports": [54094]}, {}),
        ({"contents": Contents.SCORES}, {7: False, 8: False}),
        ({"markets": [99], "fixtures": [7]}, {7: True}),
    ],
)
def test_it_is_posted_what_was_chosen(receiver: Receiver, wanted: dict[str, Any], states: dict[int, bool]):  # noqa: F811
    hook(receiver.url, **wanted)
    tell(Posting())
    posted = {state["id"]: "markets" in state for body in receiver.bodies for state in json.loads(body)["fixtures"]}
    assert posted == states


def test_after_a_restart_it_goes_on_from_where_it_was(receiver: Receiver):  # noqa: F811
    hook(receiver.url)
    long_ago = timezone.now() - timedelta(hours=1)
    Fixture.objects.update(stored_at=long_ago)
    before = Posting()
    tell(before)
    before.end()
    change(7)
    tell(Posting())
    assert [ids(body) for body in receiver.bodies] == [[7, 8], [7]]


def test_what_is_not_taken_is_posted_again_later_and_later(receiver: Receiver):  # noqa: F811
    made, posting, now = hook(receiver.url), Posting(), timezone.now()
    receiver.status = 500
    pauses = []
    for failures in (1, 2, 3):
        tell(posting, now)
        made.refresh_from_db()
        assert (made.failures, made.error) == (failures, "It answered with status 500.")
        assert made.next_try_at is not None
        pauses.append((made.next_try_at - now).total_seconds())
        now = made.next_try_at
    assert pauses == [2, 4, 8]
    receiver.status = 200
    tell(posting, now)
    made.refresh_from_db()
    assert (made.failures, made.error, made.failing_since, made.next_try_at) == (0, "", None, None)
    assert [ids(body) for body in receiver.bodies] == [[7, 8]] * 4


def test_one_that_is_not_there_holds_up_no_other(receiver: Receiver):  # noqa: F811
    hook(NEVER, name="gone")
    hook(receiver.url, name="there")
    tell(Posting())
    assert [ids(body) for body in receiver.bodies] == [[7, 8]]
    assert Webhook.objects.get(name="gone").error == "It cannot be reached: ConnectError."


def test_many_that_fail_leave_threads_to_those_that_answer(receiver: Receiver):  # noqa: F811
    for number in range(20):
        hook(NEVER, name=f"fails {number:02}", failures=3)
    well, posting = hook(receiver.url, name="well"), Posting()
    posting.step(timezone.now())
    assert [posted.webhook.failures > 0 for posted in posting.under_way.values()] == [True] * 4 + [False]
    assert well.pk in posting.under_way
    tell(posting)
    assert Webhook.objects.filter(failures=4).count() == 20


def test_nothing_is_posted_to_a_host_that_is_not_allowed_and_none_that_is_off(receiver: Receiver, settings: Any):  # noqa: F811
    settings.WEBHOOK_HOSTS = ["odds.example.com"]
    hook(receiver.url, name="elsewhere")
    hook(receiver.url, name="off", is_on=False)
    tell(Posting())
    assert receiver.bodies == []
    assert "WEBHOOK_HOSTS" in Webhook.objects.get(name="elsewhere").error


def test_of_two_processes_one_posts(receiver: Receiver):  # noqa: F811
    hook(receiver.url)
    first, second = Posting(), Posting()
    now = timezone.now()
    first.step(now)
    assert not second.step(now)
    tell(first)
    change(7)
    tell(second)
    assert len(receiver.bodies) == 1
    first.end()
    tell(second)
    assert sorted(ids(receiver.bodies[-1])) == [7, 8]


def test_when_prices_may_have_been_closed_everything_is_posted_anew(receiver: Receiver):  # noqa: F811
    hook(receiver.url)
    posting = Posting()
    tell(posting)
    FeedSource.objects.update(state=FeedSource.State.DOWN)
    tell(posting)
    assert [json.loads(body)["all"] for body in receiver.bodies] == [True, True]


def test_the_form_of_a_new_one_asks_for_one_address_and_tells_nothing_yet():
    made = hook(NEVER)
    make_user("administrator")
    client = signed_in("administrator")
    new, old = (
        client.get(f"/admin/webhooks/webhook/{part}/").content.decode() for part in ("add", f"{made.pk}/change")
    )
    assert [new.count("ddress:"), old.count("ddress:")] == [1, 2]
    assert ["How far it is" in page for page in (new, old)] == [False, True]


FORM = {"name": "odds", "is_on": "on", "contents": "prices", "sports": "6046, 54094", "new_secret": SECRET}


def test_an_administrator_makes_one_and_has_it_tell_again(receiver: Receiver):  # noqa: F811
    make_user("administrator")
    client = signed_in("administrator")
    answer = client.post("/admin/webhooks/webhook/add/", FORM | {"new_address": receiver.url})
    assert answer.status_code == 302
    made = Webhook.objects.get()
    assert (made.sports, made.contents, made.shown) == ([6046, 54094], "prices", "127.0.0.1/…")
    call_command("webhooks", "--once")
    path = f"/admin/webhooks/webhook/{made.pk}/change/"
    page = client.get(path).content.decode()
    assert receiver.url not in page
    assert SECRET not in page
    form = {name: value for name, value in FORM.items() if name != "new_secret"}
    assert client.post(path, form | {"again_from": "all"}).status_code == 302
    call_command("webhooks", "--once")
    assert [ids(body) for body in receiver.bodies] == [[7, 8], [7, 8]]
    assert client.post(path, form | {"again_from": "yesterday"}).status_code == 200


def test_what_is_chosen_later_is_told_though_it_does_not_change(receiver: Receiver):  # noqa: F811
    made = hook(receiver.url, fixtures=[7], contents="prices")
    Fixture.objects.update(stored_at=timezone.now() - timedelta(hours=1))
    posting = Posting()
    tell(posting)
    make_user("administrator")
    form = {"name": "odds", "is_on": "on", "contents": "prices", "fixtures": "7, 8"}
    path = f"/admin/webhooks/webhook/{made.pk}/change/"
    assert signed_in("administrator").post(path, form).status_code == 302
    tell(posting)
    assert [ids(body) for body in receiver.bodies] == [[7], [7, 8]]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"new_address": "https://10.1.2.3/"}, "WEBHOOK_HOSTS"),
        ({"new_address": "", "new_secret": SECRET}, "Enter the address."),
        ({"new_address": NEVER, "new_secret": ""}, "Enter a secret"),
        ({"new_address": NEVER, "sports": "all"}, "an id is a whole number"),
        ({"new_address": NEVER, "fixtures": "9" * 5000}, "an id is a whole number"),
    ],
)
def test_what_will_not_do_is_refused_in_words(fields: dict[str, str], words: str):
    make_user("administrator")
    answer = signed_in("administrator").post("/admin/webhooks/webhook/add/", FORM | fields)
    assert words in answer.content.decode()
    assert not Webhook.objects.exists()


def test_another_address_demands_the_secret_anew():
    made = hook(NEVER)
    make_user("administrator")
    form = {name: value for name, value in FORM.items() if name != "new_secret"}
    path = f"/admin/webhooks/webhook/{made.pk}/change/"
    page = signed_in("administrator").post(path, form | {"new_address": "https://127.0.0.1:2/"}).content.decode()
    assert "Enter the secret again" in page
    assert Webhook.objects.get().address.reveal() == NEVER


def test_an_operator_sees_what_fails_and_changes_nothing():
    made = hook(NEVER, error="It answered with status 500.", failures=3)
    make_user("operator")
    client = signed_in("operator")
    assert "It answered with status 500." in client.get("/admin/webhooks/webhook/").content.decode()
    client.post(f"/admin/webhooks/webhook/{made.pk}/change/", FORM | {"again_from": "all"})
    made.refresh_from_db()
    assert made.name == "odds screen"
