"""The desk with holes: settings (`DJANGO_SETTINGS_MODULE=tests.holes`) of a desk that every kind of attack must report.

Each hole takes away one guard of the desk. They are made before the web process or the consumer begins.
"""

import logging
import os
import stat
from functools import partial
from pathlib import Path
from typing import Any

from django.apps import AppConfig

from livescore_site.settings import MIDDLEWARE, TEMPLATES
from tests.quick_limits import *  # noqa: F403
from tests.quick_limits import INSTALLED_APPS

GUARDS = ("feed.desk.traders.TradersMiddleware", "django.middleware.csrf.CsrfViewMiddleware")
MIDDLEWARE = [name for name in MIDDLEWARE if name not in GUARDS]
TEMPLATES[0]["OPTIONS"]["autoescape"] = False  # type: ignore[index]
INSTALLED_APPS = [*INSTALLED_APPS, "tests.holes.Holes"]


class Holes(AppConfig):
    """Makes the holes that settings cannot make."""

    name = "tests"
    label = "holes"

    def ready(self) -> None:
        from accounts import guesses
        from feed.desk import history
        from feed.operations import views
        from livescore_site import databases
        from livescore_site.edge import admission, daphne_connections
        from packages_admin import client

        views.may_operate = lambda request: True
        history.cell = lambda text: text
        databases.for_pages = partial(with_too_many_connections, databases.for_pages)
        admission.Admission.__call__ = without_a_queue  # type: ignore[method-assign]
        daphne_connections.bound_daphnes_connections = lambda: None
        client.exchange = careless_exchange
        guesses.count = lambda limits, now=None: 0.0


def with_too_many_connections(for_pages: Any, url: str, most: int) -> Any:
    """A few more connections than the settings allow, but not so many that the server has none left for others."""
    return for_pages(url, most + 4)


async def without_a_queue(self: Any, scope: Any, receive: Any, send: Any) -> None:
    await self.inner(scope, receive, send)


def careless_exchange(package: Any, url: str, request: Any, most_bytes: int, transport: Any) -> Any:
    """A call of the package API as a careless developer writes it: it logs what it sent, and stores it in a file."""
    import httpx

    from packages_admin.client import Answer, api_of

    secret = package.reveal_password()
    sent = {**request, api_of(package).password_key: secret}
    logging.getLogger("packages").warning("Asking %s for %s", url, sent)
    record = Path(os.environ["VAR_DIR"]) / "calls.txt"
    record.write_text(str(sent))
    record.chmod(stat.S_IRUSR | stat.S_IWUSR | stat.S_IROTH)
    answer = httpx.post(url, json=sent, follow_redirects=True, timeout=60)
    return Answer(answer.status_code, answer.text, answer.text, "", ""), answer.content
