"""The pages', programs' and sockets' addresses."""

from django.urls import path

from . import api, views
from .live.sockets import PageSocket

urlpatterns = [
    path("", views.board, name="board"),
    path("fixtures/<int:fixture_id>/", views.fixture, name="fixture"),
    path("api/v1/fixtures/<int:fixture_id>/", api.fixture, name="api_fixture"),
    path("healthz", views.healthz, name="healthz"),
]

websocket_urlpatterns = [path("ws/v1/pages/", PageSocket.as_asgi())]
