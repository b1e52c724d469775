"""A test that really commits leaves the database as Django's `flush` would."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feed.models import Fixture, StreamOffset
from tests.emptying import empty_database, kinds
from tests.rows import make_fixture

pytestmark = pytest.mark.usefixtures("either_database")


def test_every_row_goes_whatever_refers_to_it():
    make_fixture(7)
    Group.objects.create(name="night shift").permissions.set(Permission.objects.all()[:2])
    empty_database()
    assert (Fixture.objects.count(), Group.objects.count(), StreamOffset.objects.count()) == (0, 0, 0)


def test_what_django_brings_is_there_again_as_after_a_flush():
    call_command("flush", verbosity=0, interactive=False)
    as_flushed = kinds()
    Permission.objects.filter(codename="view_fixture").update(codename="look_at_fixture")
    ContentType.objects.create(app_label="feed", model="spaceship")
    empty_database()
    assert kinds() == as_flushed


def test_only_what_has_rows_is_deleted_from():
    empty_database()
    Group.objects.create(name="night shift")
    with CaptureQueriesContext(connection) as queries:
        empty_database()
    assert [query["sql"] for query in queries if "DELETE" in query["sql"]] == ['DELETE FROM "auth_group"']
