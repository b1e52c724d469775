"""HTTP to Django, websockets to the live feed. Server-neutral: Daphne and uvicorn both run it."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livescore_site.settings")
http = get_asgi_application()

application = ProtocolTypeRouter({"http": http})
