"""The form of a package in the admin: what it takes, what it keeps, what it shows."""

# ruff: noqa: F811 - a fixture is imported, and is an argument of the same name

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feed.models import FeedSource
from packages_admin.models import Package
from tests.test_package_admin import LIST, fields, messages_of, operator  # noqa: F401 - a fixture

from .packages import PASSWORD, make_package

pytestmark = pytest.mark.django_db


def test_a_package_is_added_with_its_sources_and_a_sealed_password(operator: Client):
    answer = operator.post(f"{LIST}add/", fields(new_password=PASSWORD))
    assert answer.status_code == 302
    package = Package.objects.get()
    assert package.reveal_password() == PASSWORD
    assert FeedSource.objects.count() == 2
    assert package.state == "unknown"


def test_a_new_package_needs_a_password(operator: Client):
    assert "This field is required." in operator.post(f"{LIST}add/", fields()).content.decode()
    assert not Package.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"product": "x"}, {"product": "x", "amqp_host": "127.0.0.1"}])
def test_a_package_without_a_product_is_a_form_with_its_complaint(sent: dict[str, str], operator: Client):
    answer = operator.post(f"{LIST}add/", sent)
    assert answer.status_code == 200
    assert "product" in answer.context["adminform"].form.errors
    assert not Package.objects.exists()


def test_an_empty_password_field_keeps_the_password(operator: Client):
    package = make_package()
    page = operator.get(f"{LIST}{package.pk}/change/").content.decode()
    assert "A password is stored, set 0 s ago. Leave this empty to keep it, or enter a new one to replace it." in page
    operator.post(f"{LIST}{package.pk}/change/", fields(prefetch=7, new_password=""))
    package = Package.objects.get()
    assert (package.prefetch, package.reveal_password()) == (7, PASSWORD)
    operator.post(f"{LIST}{package.pk}/change/", fields(new_password=" other "))
    assert Package.objects.get().reveal_password() == " other "


def test_saving_the_form_does_not_undo_what_a_call_wrote_meanwhile(operator: Client, monkeypatch: pytest.MonkeyPatch):
    from packages_admin.admin.packages import PackageAdmin

    def meanwhile(admin: PackageAdmin, request: Any, obj: Package, form: Any, change: bool) -> None:
        Package.objects.update(state="active", call_lease_holder="another", prefetch=7)
        saved(admin, request, obj, form, change)

    saved = PackageAdmin.save_model
    monkeypatch.setattr(PackageAdmin, "save_model", meanwhile)
    package = make_package()
    operator.post(f"{LIST}{package.pk}/change/", fields(name="South"))
    package = Package.objects.get()
    assert (package.name, package.state, package.call_lease_holder, package.prefetch) == (
        "South",
        "active",
        "another",
        7,
    )


def test_another_package_id_is_another_package_of_which_nothing_is_known(operator: Client):
    package = make_package(state="active", is_wanted=True, state_since=timezone.now(), state_asked_at=timezone.now())
    operator.post(f"{LIST}{package.pk}/change/", fields(package_id=124))
    changed = Package.objects.get()
    assert (changed.package_id, changed.state, changed.is_wanted) == (124, "unknown", False)
    assert (changed.state_since, changed.state_asked_at) == (None, None)


@pytest.mark.parametrize("product", ["trade_in_play", "hyper"])
def test_a_virtual_host_that_was_wrong_is_set_right_and_back(product: str, operator: Client):
    package = make_package(product)
    names = [link.source.name for link in package.link_sources()]
    source_ids = package.source_ids()
    given = fields(product=product)
    for host in ("Nowhere", ""):
        answer = operator.post(f"{LIST}{package.pk}/change/", {**given, "virtual_hosts": host})
        assert answer.status_code == 302
        package = Package.objects.get()
        assert [link.virtual_host for link in package.link_sources()] == package.hosts()
    assert [link.source.name for link in package.link_sources()] == names
    assert package.source_ids() == source_ids


def test_a_package_is_not_renamed_to_what_a_feed_is_called(operator: Client):
    package = make_package("trade_in_play")
    FeedSource.objects.create(name="_123_", kind="queue")
    page = operator.post(f"{LIST}{package.pk}/change/", fields(product="trade_in_play", name="_123_"))
    assert "There is already a feed called “_123_”." in page.content.decode()


def test_a_name_that_another_feed_has_is_refused(operator: Client):
    FeedSource.objects.create(name="North Fixtures", kind="recording")
    page = operator.post(f"{LIST}add/", fields(new_password="x")).content.decode()
    assert "There is already a feed called “North Fixtures”." in page


def test_what_an_empty_field_stands_for_is_shown_in_it(operator: Client):
    page = operator.get(f"{LIST}{make_package().pk}/change/").content.decode()
    for text in ("https://engage-api.lsports.eu/api/livescore", "/package/status", "hyper-livescore.lsports.eu"):
        assert f'placeholder="{text}"' in page


def test_a_password_that_no_key_opens_is_told_on_the_page(operator: Client, settings: Any):
    from cryptography.fernet import Fernet

    package = make_package()
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    page = operator.get(f"{LIST}{package.pk}/change/").content.decode()
    assert "The password cannot be read: CREDENTIAL_KEYS lacks the key it was sealed with. Enter it again." in page
