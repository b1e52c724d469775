"""The pages', programs' and sockets' addresses."""

from django.urls import include, path, register_converter

from feed.live.programs.stream import StreamSocket
from feed.past.address import MomentConverter

from . import views
from .api import docs as api_docs
from .api import views as api
from .desk.past import beside, frames, pages, ways
from .live.sockets import PageSocket
from .operations import proof_log, proof_page, witness
from .operations import views as operations
from .operations.log import downloads as log_downloads
from .operations.log import page as log_page
from .operations.log import program as log_program
from .operations.shown import audience_page
from .operations.shown import page as shown_page

register_converter(MomentConverter, "moment")
register_converter(proof_log.TileConverter, "tile")

urlpatterns = [
    path("", views.board, name="board"),
    path("board/", views.board_list, name="board_list"),
    path("fixtures/<int:fixture_id>/", views.fixture, name="fixture"),
    path("fixtures/<int:fixture_id>/markets/", views.fixture_markets, name="fixture_markets"),
    path("at/", ways.go_to_moment, name="go_to_moment"),
    path("at/<moment:moment>/", views.board_at, name="board_at"),
    path("at/<moment:moment>/board/", views.board_list_at, name="board_list_at"),
    path("at/<moment:moment>/fixtures/<int:fixture_id>/", views.fixture_at, name="fixture_at"),
    path("at/<moment:moment>/fixtures/<int:fixture_id>/markets/", views.fixture_markets_at, name="fixture_markets_at"),
    path("at/<moment:moment>/fixtures/<int:fixture_id>/go/<slug:turn>/", ways.fixture_turn, name="fixture_turn"),
    path("at/<moment:moment>/fixtures/<int:fixture_id>/beside/", beside.beside, name="beside"),
    path(
        "at/<moment:moment>/fixtures/<int:fixture_id>/beside/<moment:other>/",
        beside.side_by_side,
        name="side_by_side",
    ),
    path("at/<moment:moment>/movers/", pages.movers_at, name="movers_at"),
    path("at/<moment:moment>/competitions/", pages.competitions_at, name="competitions_at"),
    path("at/<moment:moment>/health/", operations.health_at, name="health_at"),
    path("at/<moment:moment>/attention/", pages.has_no_past, {"page": "attention"}, name="attention_at"),
    path("at/<moment:moment>/alerts/", pages.has_no_past, {"page": "alerts"}, name="alerts_at"),
    path("at/<moment:moment>/frame/", frames.board_frame, name="board_frame"),
    path("at/<moment:moment>/fixtures/<int:fixture_id>/frame/", frames.fixture_frame, name="fixture_frame"),
    path("at/<str:moment>/<path:rest>", pages.not_there, name="not_there"),
    path("at/<str:moment>/", pages.not_there, {"rest": ""}, name="not_there"),
    path("", include("feed.desk.urls")),
    path("api/v1/feed/", api.feed, name="api_feed"),
    path("api/v1/changes/", api.changes, name="api_changes"),
    path("api/v1/competitions/", api.competitions, name="api_competitions"),
    path("api/v1/fixtures/", api.fixtures, name="api_fixtures"),
    path("api/v1/fixtures/<int:fixture_id>/", api.fixture, name="api_fixture"),
    path(
        "api/v1/fixtures/<int:fixture_id>/markets/<int:market_id>/bets/<int:bet_id>/history/",
        api.history,
        name="api_history",
    ),
    path("api/v1/fixtures/<int:fixture_id>/log/", log_program.log, name="api_log"),
    path("docs/stream/", api_docs.stream, name="docs_stream"),
    path("docs/asyncapi.yaml", api_docs.asyncapi, name="docs_asyncapi"),
    path("docs/openapi.yaml", api_docs.openapi, name="docs_openapi"),
    path("fixtures/<int:fixture_id>/log/", log_page.log, name="log"),
    path("fixtures/<int:fixture_id>/log/<int:number>/", log_downloads.log_body, name="log_body"),
    path("fixtures/<int:fixture_id>/log.csv", log_downloads.log_csv, name="log_csv"),
    path("fixtures/<int:fixture_id>/log.zip", log_downloads.log_zip, name="log_zip"),
    path("health/", operations.health, name="health"),
    path("shown/", shown_page.shown, name="shown"),
    path("shown/fixture/", audience_page.shown_fixture, name="shown_fixture"),
    path("proof/", proof_page.proof, name="proof"),
    path("proof/checkpoint", proof_log.checkpoint, name="proof_checkpoint"),
    path("proof/cosigned", proof_log.cosigned, name="proof_cosigned"),
    path("proof/witness/add-checkpoint", witness.add_checkpoint, name="proof_witness"),
    path("proof/tile/<tile:place>", proof_log.tile, name="proof_tile"),
    path("metrics", operations.metrics, name="metrics"),
    path("healthz", operations.healthz, name="healthz"),
    path("readyz", operations.readyz, name="readyz"),
]

page_sockets = [path("ws/v1/pages/", PageSocket.as_asgi())]
program_sockets = [path("ws/v1/stream", StreamSocket.as_asgi())]
