#!/usr/bin/env python
"""Livescore Desk's command line."""

import os
import sys

from django import get_version
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

from livescore_site import __version__


def main(arguments: list[str]) -> None:
    """Run a command, or print the version.

    Faults in the settings or the database are told in one line; --traceback shows where they came from.
    """
    if arguments[1:] == ["--version"]:
        sys.stdout.write(f"Livescore Desk {__version__} (Django {get_version()})\n")
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livescore_site.settings")
    try:
        execute_from_command_line(arguments)
    except (ImproperlyConfigured, OperationalError) as error:
        if "--traceback" in arguments:
            raise
        what = "The settings are wrong" if isinstance(error, ImproperlyConfigured) else "The database does not answer"
        sys.exit(f"{what}: {str(error).strip()}")


if __name__ == "__main__":
    main(sys.argv)
