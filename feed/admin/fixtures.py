"""Fixtures to look up by their id, and numbers in messages that have no name."""

from django.contrib import admin
from django.utils.formats import date_format

from feed.models import Fixture, UnknownCode

from .read_only import ReadOnlyAdmin


@admin.register(Fixture)
class FixtureAdmin(ReadOnlyAdmin):
    """Fixtures as they are stored: for looking one up by its id."""

    list_display = ("id", "__str__", "sport", "league", "start_at", "status", "source", "received_at", "revision")
    list_filter = ("kind", "source")
    list_select_related = ("sport", "league", "source")
    search_fields = ("=id", "name", "participants__name")
    ordering = ("-received_at",)


@admin.register(UnknownCode)
class UnknownCodeAdmin(ReadOnlyAdmin):
    """Numbers and words in messages that the desk has no name for."""

    list_display = ("__str__", "sport_id", "history", "last_seen_at")
    list_filter = ("kind",)
    search_fields = ("=code", "word")

    @admin.display(description="seen", ordering="seen")
    def history(self, code: UnknownCode) -> str:
        times = "once" if code.seen == 1 else f"{code.seen:,} times"
        where = "" if code.last_fixture_id is None else f", last in fixture {code.last_fixture_id}"
        return f"seen {times} since {date_format(code.first_seen_at, 'D j M Y, H:i')}{where}"
