"""The desk whose limits end in seconds: settings (`DJANGO_SETTINGS_MODULE=tests.quick_limits`) of the short attack.

What is tried and what must hold is the same, only sooner over: `tests/test_web_limits.py` and the long attack wait as
long as the desk itself. Passwords cost hardly anything to hash; what counts tries knows nothing of that.
"""

from django.apps import AppConfig

from livescore_site.settings import *  # noqa: F403
from livescore_site.settings import INSTALLED_APPS

#: In place of 20 s for a request and between requests, and of 30 s for a page that acknowledges nothing.
CLIENT_SECONDS, UNREAD_SECONDS = 5.0, 8.0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
INSTALLED_APPS = [*INSTALLED_APPS, "tests.quick_limits.QuickLimits"]


class QuickLimits(AppConfig):
    """Shortens the limits that are no settings."""

    name = "tests.quick_limits"
    label = "quick_limits"

    def ready(self) -> None:
        from feed.live.hub import watcher
        from livescore_site.edge import daphne_connections

        daphne_connections.REQUEST_SECONDS = daphne_connections.IDLE_SECONDS = CLIENT_SECONDS
        watcher.SILENT_SECONDS = UNREAD_SECONDS
