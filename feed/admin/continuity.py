"""What was missed, and what is done about it: breaks, recoveries, and where LSports' list of what is live differs."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from feed.models import Break, LiveDifference, Recovery

from .read_only import ReadOnlyAdmin


@admin.register(Break)
class BreakAdmin(ReadOnlyAdmin):
    """Where messages may be missing, and why: what came before is unconfirmed until it comes again."""

    list_display = ("noticed_at", "source", "reason", "link_at", "epoch")
    list_filter = ("source",)
    list_select_related = ("source",)
    fields = ("source", "noticed_at", "reason", "link_at", "epoch")


@admin.register(Recovery)
class RecoveryAdmin(ReadOnlyAdmin):
    """What LSports was asked for after each break, and what came of it."""

    list_display = ("began_at", "source", "reason", "calls", "answers", "confirmed", "left_over", "took", "outcome")
    list_filter = ("source",)
    list_select_related = ("source",)
    fields = (
        "source",
        "epoch",
        "reason",
        "since",
        "began_at",
        "ended_at",
        "took",
        "calls",
        "answers",
        "confirmed",
        "left_over",
        "outcome",
    )

    @admin.display(description="took")
    def took(self, recovery: Recovery) -> str:
        if recovery.ended_at is None:
            return "under way"
        return f"{(recovery.ended_at - recovery.began_at).total_seconds():.0f} s"


@admin.register(LiveDifference)
class LiveDifferenceAdmin(ReadOnlyAdmin):
    """Where LSports' list of what is live and the desk differ, with their age. LSports is asked after two lists."""

    list_display = ("fixture_id", "kind", "source", "age", "lists", "asked_at", "sentence")
    list_filter = ("source", "kind")
    list_select_related = ("source",)
    fields = ("source", "fixture_id", "kind", "since", "age", "lists", "is_wanted", "asked_at", "sentence")
    actions = ("repair",)

    def get_urls(self) -> list[URLPattern]:
        one = self.admin_site.admin_view(require_POST(self.repair_one))
        return [path("<int:pk>/repair/", one, name="feed_livedifference_repair"), *super().get_urls()]

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """The button is there for those who may press it."""
        return (*self.list_display, "ask") if self.has_repair_permission(request) else self.list_display

    def has_repair_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("feed.repair_livedifference")

    @admin.display(description="age")
    def age(self, difference: LiveDifference) -> str:
        return f"{(timezone.now() - difference.since).total_seconds():.0f} s"

    @admin.display(description="")
    def ask(self, difference: LiveDifference) -> str:
        """A button in the list's own form."""
        if difference.is_wanted:
            return "is being asked for"
        address = reverse("admin:feed_livedifference_repair", args=[difference.pk])
        return format_html('<button type="submit" formaction="{}">Ask LSports now</button>', address)

    def repair_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_repair_permission(request):
            raise PermissionDenied
        difference = get_object_or_404(LiveDifference, pk=pk)
        self.repair(request, LiveDifference.objects.filter(pk=difference.pk))
        return redirect("admin:feed_livedifference_changelist")

    @admin.action(permissions=["repair"], description="Ask LSports for these fixtures now")
    def repair(self, request: HttpRequest, differences: QuerySet[LiveDifference]) -> None:
        """The consumer of the feed asks, within a second or two."""
        for difference in differences:
            self.log_change(request, difference, "LSports is asked for it.")
        number = differences.update(is_wanted=True)
        self.message_user(request, f"The feed's consumer asks LSports for {number:,} of them now.")
