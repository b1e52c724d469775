"""The pages', programs' and sockets' addresses."""

from django.urls import include, path

from . import api, docs_views, health_views, views
from .live.sockets import PageSocket
from .live.stream import StreamSocket

urlpatterns = [
    path("", views.board, name="board"),
    path("fixtures/<int:fixture_id>/", views.fixture, name="fixture"),
    path("fixtures/<int:fixture_id>/markets/", views.fixture_markets, name="fixture_markets"),
    path("", include("feed.desk.urls")),
    path("api/v1/feed/", api.feed, name="api_feed"),
    path("api/v1/fixtures/", api.fixtures, name="api_fixtures"),
    path("api/v1/fixtures/<int:fixture_id>/", api.fixture, name="api_fixture"),
    path(
        "api/v1/fixtures/<int:fixture_id>/markets/<int:market_id>/bets/<int:bet_id>/history/",
        api.history,
        name="api_history",
    ),
    path("docs/stream/", docs_views.stream, name="docs_stream"),
    path("docs/asyncapi.yaml", docs_views.asyncapi, name="docs_asyncapi"),
    path("health/", health_views.health, name="health"),
    path("metrics", health_views.metrics, name="metrics"),
    path("healthz", views.healthz, name="healthz"),
]

page_sockets = [path("ws/v1/pages/", PageSocket.as_asgi())]
program_sockets = [path("ws/v1/stream", StreamSocket.as_asgi())]
