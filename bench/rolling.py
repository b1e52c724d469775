"""A rolling restart of everything under load: `python -m bench rolling`.

100 messages a second while consumers and web processes are restarted one after the other, as docs/deployment.md says,
and a board in Chromium, a program on the stream and one that asks REST watch, all through nginx with `deploy/`'s lines.
"""

import os
from typing import Any

import django


def run() -> list[dict[str, Any]]:
    """A row for each thing that a rolling restart must not do."""
    os.environ |= {"LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "livescore_site.settings"}
    django.setup()
    from .rolling_run import Sizes  # Django is set up only now
    from .rolling_run import run as measured

    return measured(Sizes())
