"""The record of calls in the admin: to read, to filter, to take away as CSV. Nobody changes it."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from feed.admin.read_only import ReadOnlyAdmin
from feed.pages.spreadsheet import cell
from packages_admin.models import PackageCall
from packages_admin.outcome import Kind

COLUMNS = (
    "asked_at",
    "actor_name",
    "origin",
    "action",
    "package_name",
    "url",
    "request",
    "kind",
    "status_code",
    "sentence",
    "answer",
    "attempts",
    "duration_ms",
)


class Outcomes(admin.SimpleListFilter):
    """The outcomes of the calls on record."""

    title = "outcome"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds = PackageCall.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind or "none", Kind(kind).label if kind else "no answer recorded") for kind in kinds]

    def queryset(self, request: HttpRequest, queryset: QuerySet[PackageCall]) -> QuerySet[PackageCall]:
        chosen = self.value()
        return queryset if chosen is None else queryset.filter(kind="" if chosen == "none" else chosen)


@admin.register(PackageCall)
class PackageCallAdmin(ReadOnlyAdmin):
    """Who asked LSports for what, and what came of it."""

    change_list_template = "admin/packages_admin/packagecall/change_list.html"
    list_display = ("asked_at", "actor_name", "action", "package_name", "how_it_went", "status_code", "duration")
    list_filter = (Outcomes, "action", "origin", ("package", admin.RelatedOnlyFieldListFilter), "asked_at")
    search_fields = ("actor_name", "package_name", "sentence")
    fields = (
        "asked_at",
        "actor_name",
        "origin",
        "action",
        "package_name",
        "url",
        "request",
        "how_it_went",
        "status_code",
        "answer",
        "attempts",
        "duration",
    )

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = path("export/", guard(require_safe(self.export)), name="packages_admin_packagecall_export")
        return [own, *super().get_urls()]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("packages_admin.export_packagecall")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        allowed = {"may_export": self.has_export_permission(request)}
        return super().changelist_view(request, {**(extra_context or {}), **allowed})

    @admin.display(description="outcome", ordering="kind")
    def how_it_went(self, call: PackageCall) -> SafeString | str:
        if call.ok is None:
            return "no answer recorded: under way, or its process ended"
        return format_html(
            '<b class="{}">{}</b> {}',
            "good-word" if call.ok else "bad-word",
            call.get_kind_display(),
            call.sentence,
        )

    @admin.display(description="duration", ordering="duration_ms")
    def duration(self, call: PackageCall) -> str:
        return "" if call.duration_ms is None else f"{call.duration_ms:,} ms"

    def export(self, request: HttpRequest) -> StreamingHttpResponse:
        """The calls that the list shows under the same filters, as CSV."""
        if not (self.has_view_permission(request) and self.has_export_permission(request)):
            raise PermissionDenied
        calls = self.get_changelist_instance(request).get_queryset(request)
        name = f"calls-{timezone.now():%Y-%m-%d-%H%M}.csv"
        return StreamingHttpResponse(
            csv_lines(calls.iterator(chunk_size=500)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(calls: Iterator[PackageCall]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(COLUMNS)
    for call in calls:
        yield writer.writerow([cell(cell_text(getattr(call, column))) for column in COLUMNS])


def cell_text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else "" if value is None else str(value)
