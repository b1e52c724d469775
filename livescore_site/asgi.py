"""HTTP to Django, websockets to the live feed. Server-neutral: Daphne and uvicorn both run it."""

import os
import sys
import threading
from typing import Any, cast

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livescore_site.settings")
http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - Django must be set up before models are imported
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.urls import get_resolver, re_path  # noqa: E402

from feed.urls import page_sockets, program_sockets  # noqa: E402
from livescore_site.collector import collect_rarely, return_freed_memory, share_heaps  # noqa: E402
from livescore_site.daphne_sockets import change_daphnes_sockets  # noqa: E402
from livescore_site.databases import for_pages  # noqa: E402
from livescore_site.edge.admission import Admission  # noqa: E402
from livescore_site.edge.crowd import by_address, by_session, by_user  # noqa: E402
from livescore_site.edge.daphne_connections import bound_daphnes_connections  # noqa: E402
from livescore_site.edge.front import Front, SameOrigin, nowhere  # noqa: E402
from livescore_site.edge.in_the_clear import EncryptedPrograms  # noqa: E402
from livescore_site.edge.polled import PolledPages  # noqa: E402
from livescore_site.hypercorn_end import tell_before_hypercorn_ends  # noqa: E402
from livescore_site.lifespan import Lifespan  # noqa: E402
from livescore_site.private_files import log_open_files  # noqa: E402
from livescore_site.socket_sessions import signed_in  # noqa: E402
from packages_admin.checks import log_faults  # noqa: E402

connections.settings["default"].update(for_pages(settings.DATABASE_URL, settings.DATABASE_CONNECTIONS))

# A page is let in by its cookie, so it must come from here; a program by its token, from wherever it runs.
page_routes = URLRouter([*page_sockets, re_path(r"", cast(Any, nowhere))])
pages = AllowedHostsOriginValidator(
    SameOrigin(
        by_session(signed_in(by_user(page_routes, settings.SOCKETS_PER_USER)), settings.SOCKETS_PER_USER),
        settings.CSRF_TRUSTED_ORIGINS,
    )
)
websocket = by_address(URLRouter([*program_sockets, re_path(r"", pages)]), settings.SOCKETS_PER_ADDRESS)
admitted = Admission(cast(Any, http), settings.WEB_THREADS)
inside: Any = ProtocolTypeRouter({"http": PolledPages(admitted, websocket), "websocket": websocket})
front = Front(EncryptedPrograms(inside) if settings.BEHIND_TLS else inside, settings.TRUSTED_PROXIES)
application = Lifespan(front)
# A thread that works on a page hands over to the sockets' loop after a millisecond, not after five: a look at the
# database hands over some ten times, each of which waited that long behind whoever asked for many pages.
sys.setswitchinterval(0.001)
share_heaps()
change_daphnes_sockets()
bound_daphnes_connections()
tell_before_hypercorn_ends()


def get_ready() -> None:
    """What need not be done before the first request. Commands run Django's checks, a web server does not."""
    log_faults()
    log_open_files()
    get_resolver().url_patterns  # noqa: B018 - loads all pages
    collect_rarely()
    return_freed_memory()


# In a thread: some servers import this within a running loop.
threading.Thread(target=get_ready, name="get-ready").start()
