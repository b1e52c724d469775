"""HTTP to Django, websockets to the live feed. Server-neutral: Daphne and uvicorn both run it."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livescore_site.settings")
http = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402 - Django must be set up before models are imported
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.urls import re_path  # noqa: E402

from feed.live.presence import who_is_present  # noqa: E402
from feed.urls import page_sockets, program_sockets  # noqa: E402
from livescore_site.close_codes import let_daphne_close_with_registered_codes  # noqa: E402
from packages_admin.cuts import Connected, count_connected_with  # noqa: E402

# A page is let in by its cookie, so it must come from here; a program by its token, from wherever it runs.
pages = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(page_sockets)))
websocket = URLRouter([*program_sockets, re_path(r"", pages)])
application = ProtocolTypeRouter({"http": http, "websocket": websocket})


def connected() -> Connected:
    """Who would notice if a package were deactivated now."""
    present = who_is_present()
    return Connected(pages=present.pages, subscribers=present.programs)


count_connected_with(connected)
let_daphne_close_with_registered_codes()
