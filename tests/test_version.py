"""The version stands in one place; whoever asks is given that one."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from livescore_site import __version__

ROOT = Path(__file__).resolve().parent.parent


def test_the_newest_release_notes_are_of_this_version():
    headings = re.findall(r"(?m)^## (\S+) \((?:unreleased|\d{4}-\d\d-\d\d)\)$", (ROOT / "CHANGELOG.md").read_text())
    assert headings[0] == __version__


def test_other_manifests_name_no_other_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (project["dynamic"], "version" in project) == (["version"], False)
    assert json.loads((ROOT / "package.json").read_text())["version"] == __version__


def test_the_command_line_says_it():
    printed = subprocess.run([sys.executable, "manage.py", "--version"], cwd=ROOT, capture_output=True, text=True)
    assert printed.stdout.startswith(f"Livescore Desk {__version__} (Django ")


@pytest.mark.django_db
def test_the_health_page_and_the_metrics_say_it():
    user = User.objects.create_user("olga")
    user.groups.set(Group.objects.filter(name="operator"))
    client = Client()
    client.force_login(user)
    assert f"version {__version__}" in client.get("/health/").content.decode()
    assert f'desk_build_info{{version="{__version__}"}} 1.0' in client.get("/metrics").content.decode()


def test_the_licence_and_the_browsers_manifest_agree():
    assert json.loads((ROOT / "package.json").read_text())["license"] == "UNLICENSED"
    assert "All rights reserved" in (ROOT / "LICENSE").read_text()
