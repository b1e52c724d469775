"""The record of calls in the admin: read, filtered, taken away as CSV, never changed."""

import csv
import io

import pytest
from django.test import Client

from packages_admin.models import PackageCall

from .packages import make_call, make_user, signed_in

pytestmark = pytest.mark.django_db

CALLS = "/admin/packages_admin/packagecall/"


@pytest.fixture
def operator() -> Client:
    make_user("operator")
    return signed_in("operator")


def test_calls_can_be_read_and_not_changed(operator: Client):
    call = make_call()
    assert operator.get(f"{CALLS}{call.pk}/change/").status_code == 200
    for path in (f"{CALLS}{call.pk}/change/", f"{CALLS}add/", f"{CALLS}{call.pk}/delete/"):
        assert operator.post(path, {"actor_name": "nobody", "post": "yes"}).status_code == 403
    operator.post(CALLS, {"action": "delete_selected", "_selected_action": [call.pk], "post": "yes"})
    assert PackageCall.objects.get().actor_name == "olga"


@pytest.mark.parametrize(
    ("filtered", "found"),
    [
        ("", ["olga", "ivan", "cron"]),
        ("?action=activate", ["ivan"]),
        ("?kind=refused", ["ivan"]),
        ("?kind=none", ["cron"]),
        ("?origin=command", ["cron"]),
        ("?q=olga", ["olga"]),
    ],
)
def test_calls_can_be_filtered_in_the_list_and_in_the_export(filtered: str, found: list[str], operator: Client):
    make_call()
    make_call(actor_name="ivan", action="activate", kind="refused", ok=False)
    make_call(actor_name="cron", kind="", ok=None, origin="command")
    export = operator.get(f"{CALLS}export/{filtered}")
    assert export["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(b"".join(export.streaming_content).decode())))
    assert sorted(row["actor_name"] for row in rows) == sorted(found)
    page = operator.get(f"{CALLS}{filtered}").content.decode()
    assert {name: f'<td class="field-actor_name">{name}</td>' in page for name in ("olga", "ivan", "cron")} == {
        name: name in found for name in ("olga", "ivan", "cron")
    }


def test_a_spreadsheet_does_not_run_what_lsports_answers(operator: Client):
    make_call(sentence='=HYPERLINK("http://evil")', answer="@x", request={"a": 1})
    export = b"".join(operator.get(f"{CALLS}export/").streaming_content).decode()
    (row,) = csv.DictReader(io.StringIO(export))
    assert (row["sentence"], row["answer"]) == ('\'=HYPERLINK("http://evil")', "'@x")


def test_the_export_needs_its_permission():
    make_user("operator", without="export_packagecall")
    browser = signed_in("operator")
    assert browser.get(f"{CALLS}export/").status_code == 403
    assert "As CSV" not in browser.get(CALLS).content.decode()
