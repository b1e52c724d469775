"""Packages as rows: what an empty field stands for, which queues they have, what the form refuses."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from feed.models import FeedSource
from packages_admin.models import Package, QueueAddress, QueueReading
from packages_admin.products import Action

from .packages import make_package

pytestmark = pytest.mark.django_db


def test_a_hyper_package_has_a_queue_in_both_virtual_hosts():
    assert make_package().queues() == [
        QueueAddress(
            source_name=f"North {host}",
            host="hyper-livescore.lsports.eu",
            port=5671,
            tls=True,
            virtual_host=host,
            queue="_123_",
            prefetch=200,
            user_name="ops",
        )
        for host in ("Fixtures", "Incidents")
    ]


@pytest.mark.parametrize(("product", "side"), [("trade_in_play", "InPlay"), ("trade_pre_match", "PreMatch")])
def test_a_trade_package_has_one_queue_in_the_open(product: str, side: str):
    (queue,) = make_package(product).queues()
    assert (queue.source_name, queue.host, queue.port) == ("North", f"stm-{side.lower()}.lsports.eu", 5672)
    assert (queue.tls, queue.virtual_host, queue.queue) == (False, f"Stm{side}", "_123_")


def test_what_a_package_says_for_itself_comes_before_what_lsports_documents():
    package = make_package(
        amqp_host="broker.example.test", amqp_port=1234, virtual_hosts="a, b", queue_name="q-{id}", prefetch=7
    )
    assert [(queue.virtual_host, queue.queue) for queue in package.queues()] == [("a", "q-123"), ("b", "q-123")]
    assert {(queue.host, queue.port, queue.prefetch) for queue in package.queues()} == {
        ("broker.example.test", 1234, 7)
    }


@pytest.mark.parametrize(("tls", "port"), [(None, 5671), (True, 5671), (False, 5672)])
def test_the_port_follows_the_security(tls: bool | None, port: int):
    queue = make_package(amqp_tls=tls).queues()[0]
    assert (queue.tls, queue.port) == (tls is not False, port)


@pytest.mark.parametrize(
    ("product", "action", "url"),
    [
        ("hyper", Action.ACTIVATE, "https://engage-api.lsports.eu/api/livescore/package/activate"),
        ("hyper", Action.DEACTIVATE, "https://engage-api.lsports.eu/api/livescore/package/deactivate"),
        ("hyper", Action.STATUS, "https://engage-api.lsports.eu/api/livescore/package/status"),
        ("hyper", Action.SNAPSHOT, "https://engage-api.lsports.eu/api/livescore/snapshots/trigger"),
        ("trade_in_play", Action.ACTIVATE, "https://stm-api.lsports.eu/Distribution/Start"),
        ("trade_in_play", Action.DEACTIVATE, "https://stm-api.lsports.eu/Distribution/Stop"),
        ("trade_in_play", Action.STATUS, "https://stm-api.lsports.eu/Package/GetDistributionStatus"),
        ("trade_in_play", Action.SNAPSHOT, "https://stm-snapshot.lsports.eu/InPlay/GetEvents"),
        ("trade_pre_match", Action.SNAPSHOT, "https://stm-snapshot.lsports.eu/PreMatch/GetEvents"),
    ],
)
def test_the_documented_addresses_are_called(product: str, action: Action, url: str):
    assert Package(product=product).url(action) == url


def test_a_snapshot_asks_for_matches_races_and_seasons():
    assert Package(product="hyper").snapshot_paths() == ["/snapshots/trigger"]
    assert Package(product="trade_in_play").snapshot_paths() == ["/InPlay/GetEvents", "/InPlay/GetOutrightLeagueEvents"]
    pre_match = Package(product="trade_pre_match", snapshot_base="http://a")
    assert pre_match.snapshot_paths() == [
        "/PreMatch/GetEvents", "/PreMatch/GetOutrightEvents", "/PreMatch/GetOutrightLeagueEvents",
    ]  # fmt: skip
    last = pre_match.snapshot_paths()[-1]
    assert pre_match.url(Action.SNAPSHOT, last) == "http://a/PreMatch/GetOutrightLeagueEvents"
    own = Package(product="trade_pre_match", snapshot_path="/a/GetFixtures,/a/GetScores , /a/GetFixtureMarkets")
    assert own.snapshot_paths() == ["/a/GetFixtures", "/a/GetScores", "/a/GetFixtureMarkets"]
    assert own.url(Action.SNAPSHOT) == "https://stm-snapshot.lsports.eu/a/GetFixtures"


def test_address_and_path_can_be_changed():
    package = Package(product="hyper", api_base="http://localhost:9/x/", status_path="/state")
    assert package.url(Action.STATUS) == "http://localhost:9/x/state"


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"api_base": "engage"}, {"api_base": ["Enter the whole address: https://host or https://host:port/path."]}),
        ({"api_base": "ftp://a"}, {"api_base": ["Enter the whole address: https://host or https://host:port/path."]}),
        (
            {"api_base": "http://a:99999"},
            {"api_base": ["Enter the whole address: https://host or https://host:port/path."]},
        ),
        (
            {"snapshot_base": "https://u:secret@a"},
            {"snapshot_base": ["Leave the user and password out of the address: it is logged and shown."]},
        ),
        ({"api_base": "https://a/?k=1"}, {"api_base": ["Enter the address without a query or fragment (? or #)."]}),
        ({"status_path": "status"}, {"status_path": ["A path begins with one slash: /package/status."]}),
        ({"snapshot_path": "/a, b"}, {"snapshot_path": ["A path begins with one slash: /package/status."]}),
        ({"status_path": "//a/b"}, {"status_path": ["A path begins with one slash: /package/status."]}),
        ({"queue_name": "_{pid}_"}, {"queue_name": ["Only {id} may stand in braces."]}),
        ({"package_id": 0}, {"package_id": ["Ensure this value is greater than or equal to 1."]}),
    ],
)
def test_a_form_refuses_what_cannot_work(fields: dict, errors: dict):
    package = Package(**{"name": "North", "product": "hyper", "package_id": 1, "user_name": "ops", **fields})
    with pytest.raises(ValidationError) as refused:
        package.full_clean()
    assert refused.value.message_dict == errors


def test_a_host_without_a_dot_is_an_address(settings: Any):
    settings.PACKAGE_HOSTS = ["supplier:8080"]
    Package(name="N", product="hyper", package_id=1, user_name="ops", api_base="https://supplier:8080/api").full_clean()


def test_a_product_has_a_package_id_once():
    make_package()
    with pytest.raises(IntegrityError):
        make_package(name="South")


def test_renaming_a_package_renames_its_sources_and_keeps_them():
    package = make_package()
    before = package.source_ids()
    package.name = "South"
    package.save()
    package.name_sources()
    assert Package.objects.get().source_ids() == before
    assert set(FeedSource.objects.values_list("name", flat=True)) == {"South Fixtures", "South Incidents"}


def test_reading_the_queues_twice_makes_nothing_new():
    package = make_package()
    assert package.queues() == Package.objects.get().queues()
    assert FeedSource.objects.count() == 2


def test_only_packages_that_lsports_calls_active_are_consumed():
    for number, state in enumerate(Package.State.values, start=1):
        make_package(name=state, package_id=number, state=state)
    assert [package.name for package in Package.objects.consumable()] == ["active"]


def test_only_what_lsports_switched_off_is_to_be_reactivated():
    make_package(name="fallen", package_id=1, state="inactive", is_wanted=True, auto_reactivate=True)
    make_package(name="stopped by us", package_id=2, state="inactive", is_wanted=False, auto_reactivate=True)
    make_package(name="not allowed", package_id=3, state="inactive", is_wanted=True, auto_reactivate=False)
    make_package(name="on", package_id=4, state="active", is_wanted=True, auto_reactivate=True)
    assert [package.name for package in Package.objects.to_reactivate()] == ["fallen"]


def test_old_readings_of_a_queue_make_room_for_new_ones():
    (queue,) = make_package("trade_in_play").link_sources()
    now = timezone.now()
    QueueReading.objects.note(queue, now - timedelta(days=2), 5, None, None)
    QueueReading.objects.note(queue, now - timedelta(hours=2), 6, None, None)
    QueueReading.objects.note(queue, now, 7, None, None)
    assert [reading.waiting for reading in queue.readings.all()] == [7, 6]
