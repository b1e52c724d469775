"""Old code beside a new schema goes on while things are only added, and does not begin once some were taken away."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from feed.database.schema import newer_contracts
from livescore_site.doctor.findings import Grade
from livescore_site.doctor.services import database

pytestmark = pytest.mark.django_db
NEWER = "The database is for a newer version of the desk (feed.9999_contract_ticks). Start that one."


def take(name: str) -> None:
    """Note that a newer version's migration was applied."""
    MigrationRecorder(connection).record_applied("feed", name)


def test_a_schema_to_which_a_newer_version_only_added_is_good():
    take("9999_more_room")
    assert newer_contracts() == []
    assert Client().get("/readyz").status_code == 200


def test_a_contract_step_that_this_code_knows_is_good(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("feed.database.schema.CONTRACT", "journal")
    assert newer_contracts() == []


def test_a_command_does_not_begin_after_a_contract_step_that_it_does_not_know():
    take("9999_contract_ticks")
    with pytest.raises(CommandError) as refused:
        call_command("past", "--at", "2026-11-26T20:14:03Z", "--fixture", "7", stdout=StringIO())
    assert str(refused.value) == NEWER


def test_nobody_is_sent_to_a_web_process_that_is_too_old():
    take("9999_contract_ticks")
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert "feed.9999_contract_ticks" in answer.json()["status"]


def test_the_doctor_says_so():
    take("9999_contract_ticks")
    faults = [finding for finding in database() if finding.grade is Grade.FAULT]
    assert [fault.remedy for fault in faults][:1] == ["Start that version."]
