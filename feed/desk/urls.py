"""Addresses of what traders set up, and of their other pages."""

from django.urls import path

from . import attention, columns, competitions, favourites, filters, history, movers, preferences
from .alerts import from_price, news
from .alerts import page as alerts
from .together import fixture as together
from .together import shift

urlpatterns = [
    path("filters/", filters.filters, name="filters"),
    path("columns/", columns.columns, name="columns"),
    path("columns/pick/", columns.pick, name="pick_columns"),
    path("find/", filters.find, name="find"),
    path("leagues/<int:league_id>/fold/", favourites.fold, name="fold"),
    path("sports/<int:sport_id>/fold/", favourites.fold_sport, name="fold_sport"),
    path("favourites/<int:fixture_id>/", favourites.favourite, name="favourite"),
    path("pinned_markets/<int:market_id>/", favourites.pinned_market, name="pinned_market"),
    path("views/", favourites.view, name="view"),
    path("fixtures/<int:fixture_id>/notes/", together.note, name="note"),
    path("fixtures/<int:fixture_id>/claim/", together.claim, name="claim"),
    path("fixtures/<int:fixture_id>/history/", history.history, name="history"),
    path("fixtures/<int:fixture_id>/history.json", history.history_data, name="history_data"),
    path("fixtures/<int:fixture_id>/history.csv", history.history_csv, name="history_csv"),
    path("fixtures/<int:fixture_id>/bets/<int:provider_id>/<int:bet_id>/", history.bet_history, name="bet_history"),
    path(
        "fixtures/<int:fixture_id>/bets/<int:provider_id>/<int:bet_id>/alert/",
        from_price.price_alert,
        name="price_alert",
    ),
    path("fixtures/<int:fixture_id>/spark.svg", history.spark_picture, name="spark"),
    path("attention/", attention.attention, name="attention"),
    path("attention/dismiss/", attention.dismiss, name="dismiss"),
    path("attention/dismiss_none/", attention.dismiss_none, name="dismiss_none"),
    path("shift/", shift.shift, name="shift"),
    path("shift/hand_over/", shift.hand_over, name="hand_over"),
    path("competitions/", competitions.competitions, name="competitions"),
    path("movers/", movers.movers, name="movers"),
    path("movers/lists/", movers.movers_lists, name="movers_lists"),
    path("reactions/", movers.reactions, name="reactions"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/new/", news.new_alerts, name="new_alerts"),
    path("alerts/seen/", news.alerts_seen, name="alerts_seen"),
    path("alerts/rules/<int:pk>/", alerts.rule, name="alert_rule"),
    path("preferences/notation/", preferences.next_notation, name="next_notation"),
    path("preferences/density/", preferences.density, name="density"),
    path("preferences/", preferences.preferences, name="preferences"),
]
