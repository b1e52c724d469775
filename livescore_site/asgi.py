"""HTTP to Django, websockets to the live feed. Server-neutral: Daphne and uvicorn both run it."""

import os
import threading

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livescore_site.settings")
http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - Django must be set up before models are imported
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.urls import get_resolver, re_path  # noqa: E402

from feed.collector import collect_rarely  # noqa: E402
from feed.urls import page_sockets, program_sockets  # noqa: E402
from livescore_site.daphne_sockets import change_daphnes_sockets  # noqa: E402
from livescore_site.socket_sessions import signed_in  # noqa: E402
from packages_admin.checks import log_faults  # noqa: E402

# A page is let in by its cookie, so it must come from here; a program by its token, from wherever it runs.
pages = AllowedHostsOriginValidator(signed_in(URLRouter(page_sockets)))
websocket = URLRouter([*program_sockets, re_path(r"", pages)])
application = ProtocolTypeRouter({"http": http, "websocket": websocket})
change_daphnes_sockets()


def get_ready() -> None:
    """What need not be done before the first request. Commands run Django's checks, a web server does not."""
    log_faults()
    get_resolver().url_patterns  # noqa: B018 - loads all pages
    collect_rarely()


# In a thread: some servers import this within a running loop.
threading.Thread(target=get_ready, name="get-ready").start()
