"""The feeds with their state, and what is expected of them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from accounts.code_age import code_first, has_new_code
from feed.ingest.lease import consumer_name
from feed.models import FeedSource, Market
from feed.store.epochs import NOT_EXPECTED, expect_break
from feed.store.leaves import note_act
from feed.store.sources import record_source
from feed.vouching.source_health import state_of

from .read_only import ReadOnlyAdmin

#: Markets with missing messages that are named, the newest first.
SHOWN_HOLES = 20
CSS_CLASSES = {"up": "good", "down": "bad", "off": ""}


@admin.register(FeedSource)
class FeedSourceAdmin(ReadOnlyAdmin):
    """The feeds with their state at this moment."""

    list_display = ("name", "kind", "state_now", "why", "last_message_at", "last_heartbeat_at", "last_keep_alive_at")
    list_filter = ("kind",)
    search_fields = ("name",)
    fields = (
        "name",
        "kind",
        "flow_now",
        "state_now",
        "why",
        "state_since",
        "last_message_at",
        "last_sent_at",
        "last_heartbeat_at",
        "last_keep_alive_at",
        "has_heartbeat",
        "consumed_by",
        "consumer_seen_at",
        "feed_interrupted",
        "live_fixtures",
        "numbers",
        "holes",
        "doubted_since",
    )
    actions = ("expect_nothing", "expect_again")

    @admin.display(description="flow")
    def flow_now(self, source: FeedSource) -> str:
        """The side that it is, set or by its name."""
        return str(FeedSource.Flow(source.side).label) if source.side else "–"

    def has_expect_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("feed.expect_feedsource")

    @admin.action(permissions=["expect"], description="Expect nothing more")
    def expect_nothing(self, request: HttpRequest, sources: QuerySet[FeedSource]) -> HttpResponse | None:
        """Switch off feeds that no package and no command consumes any more, so that they raise no alarm."""
        if not has_new_code(request, is_form=False):
            return code_first(request.get_full_path())
        name = request.user.get_username()
        off = {"off_since": timezone.now(), "off_reason": gettext("Switched off by %(name)s.") % {"name": name}}
        self.write(request, sources.filter(off_since=None), off)
        return None

    @admin.action(permissions=["expect"], description="Expect messages again")
    def expect_again(self, request: HttpRequest, sources: QuerySet[FeedSource]) -> None:
        back = list(sources.exclude(off_since=None).values_list("pk", flat=True))
        self.write(request, sources.exclude(off_since=None), {"off_since": None, "off_reason": ""})
        expect_break(back, gettext(NOT_EXPECTED))

    def write(self, request: HttpRequest, sources: QuerySet[FeedSource], columns: dict[str, Any]) -> None:
        """Write the columns to each source, with an entry in its history. For a package's queues the package
        decides."""
        changed = list(sources)
        for source in changed:
            what = "Nothing more is expected." if columns["off_since"] else "Messages are expected again."
            self.log_change(request, source, what)
        FeedSource.objects.filter(pk__in=[source.pk for source in changed]).update(off_is_wanted=True, **columns)
        for source in changed:
            record_source(source.pk)
            kind = "source.off" if columns["off_since"] else "source.expected"
            note_act(kind, request.user.get_username(), source=source.name)
        names = ", ".join(map(str, changed)) or "nothing"
        self.message_user(request, f"Changed: {names}. The feed of a package follows the package, within 10 s.")

    @admin.display(description="state")
    def state_now(self, source: FeedSource) -> SafeString:
        state = state_of(source, timezone.now()).state
        return format_html('<span class="state {}">{}</span>', CSS_CLASSES.get(state, "doubt"), state)

    @admin.display(description="reason")
    def why(self, source: FeedSource) -> str:
        return state_of(source, timezone.now()).reason

    @admin.display(description="consumed by", empty_value="no consumer")
    def consumed_by(self, source: FeedSource) -> str | None:
        return consumer_name(source.consumer) or None

    @admin.display(description="live by keep-alive")
    def live_fixtures(self, source: FeedSource) -> str:
        number = len(source.active_fixtures)
        return "1 fixture" if number == 1 else f"{number:,} fixtures"

    @admin.display(description="message numbers")
    def numbers(self, source: FeedSource) -> str:
        return f"{source.skips:,} of {source.numbered:,} numbered messages came after a skip"

    @admin.display(description="markets with missing messages")
    def holes(self, source: FeedSource) -> str:
        """Some of them by fixture and market; doubted or not."""
        rows = Market.objects.filter(numbered_by=source.pk, skipped_at__isnull=False, gap_since__isnull=False)
        newest = rows.order_by("-gap_since").values_list("fixture_id", "market_id", "missing", "gap_since")
        places = [f"{pk}/{market} ({missing}, {since:%H:%M:%S})" for pk, market, missing, since in newest[:SHOWN_HOLES]]
        return f"{rows.count():,}: {', '.join(places)}" if places else "none"
