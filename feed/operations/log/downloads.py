"""The log to take away: as CSV, and with the messages as a zip; one message as it came."""

import csv
import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from accounts import security_log
from feed.desk.broken import busy
from feed.desk.live_page import must_be_known
from feed.live.sessions import VIEW
from feed.operations.views import may_operate
from feed.pages.log.bodies import TookTooLong, bodies_of
from feed.pages.log.messages import Logged, LogScope, all_batches, one_message
from feed.pages.spreadsheet import cell

from .form import LogForm
from .lines import LogLine, lines_of

#: A file of more messages, or a zip of more messages or bytes, is cut, and says so.
MOST_LINES, MOST_BODIES, MOST_BYTES = 50_000, 5_000, 64 * 1024 * 1024
#: Reading recordings for one request takes no longer.
MOST_SECONDS = 20.0
#: Batches whose changes are read at once.
AT_ONCE = 200
#: Recordings are read for one request at a time.
READING = threading.Lock()
COLUMNS = [
    *("number", "kind", "type", "type_name", "markets", "msg_seq", "msg_guid", "sent_at", "received_at"),
    *(
        "committed_at",
        "first_pushed_at",
        "first_painted_at",
        "source",
        "position",
        "bytes",
        "unread_parts",
        "may_be_repeat",
    ),
    *("missing_before", "changed", "prices_changed", "sha256", "note"),
]


@permission_required(VIEW, raise_exception=True)
@require_safe
def log_csv(request: HttpRequest, fixture_id: int) -> HttpResponse | StreamingHttpResponse:
    """The messages that the page's filters ask for, newest first, 50,000 at most; a last line says that it was cut."""
    must_be_known(fixture_id)
    response = StreamingHttpResponse(csv_lines(fixture_id, scope_of(request)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="log-{fixture_id}.csv"'
    return response


def scope_of(request: HttpRequest) -> LogScope:
    form = LogForm(request.GET)
    if not form.is_valid():
        raise Http404(gettext("The log cannot be filtered so: %(errors)s") % {"errors": form.errors.as_text()})
    return form.scope()


def csv_lines(fixture_id: int, scope: LogScope, most: int = MOST_LINES) -> Iterator[str]:
    yield written(COLUMNS)
    for place, line in enumerate(all_lines(fixture_id, scope, most + 1)):
        if place == most:
            words = gettext("Cut: there are older messages. Ask for less time.")
            yield written(["" for _ in COLUMNS[:-1]] + [cell(words)])
            return
        yield written(row(line))


def all_lines(fixture_id: int, scope: LogScope, most: int) -> Iterator[LogLine]:
    some = []
    for batch in all_batches(fixture_id, scope, most):
        some.append(batch)
        if len(some) == AT_ONCE:
            yield from lines_of(fixture_id, some, with_breaks=not scope.is_search)
            some = []
    if some:
        yield from lines_of(fixture_id, some, with_breaks=not scope.is_search)


def written(values: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue()


def row(line: LogLine) -> list[str]:
    """In the order of COLUMNS."""
    changed = cell("; ".join(line.changed.words))
    if line.message is None:
        own = [changed, str(line.changed.bets), "", cell(line.words)]
        return ["" for _ in COLUMNS[:9]] + [text(line.at), *[""] * 8, *own]
    message, details = line.message, line.message.details
    of_header = [] if details.type is None else [str(details.type)]
    return [
        *(str(message.number), message.leaf.kind, *(of_header or [""]), cell(line.type_name)),
        *(" ".join(map(str, details.markets)), "" if details.seq is None else str(details.seq), cell(details.guid)),
        *(text(details.sent_at), text(message.received_at), text(line.at), text(line.pushed_at), text(line.painted_at)),
        *(cell(message.source), str(message.position), str(details.size or ""), str(details.unread)),
        *("1" if details.is_repeat else "", str(message.missing or ""), changed, str(line.changed.bets)),
        *(message.leaf.digest, "" if message.has_details else cell(gettext("Its details are not kept any more."))),
    ]


def text(moment: datetime | None) -> str:
    return moment.isoformat(timespec="microseconds") if moment is not None else ""


def recordings_read(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For operators, one at a time: while recordings are read for somebody, others are asked to come again."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_operate(request):
            raise PermissionDenied(gettext_lazy("Messages as they came are shown to operators."))
        if not READING.acquire(blocking=False):
            return busy(gettext("Recordings are being read for somebody else."), int(MOST_SECONDS))
        try:
            return view(request, *args, **kwargs)
        finally:
            READING.release()

    return checked


@permission_required(VIEW, raise_exception=True)
@require_safe
@recordings_read
def log_zip(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """log.csv and the messages as they came, 5,000 and 64 MB at most. For operators."""
    must_be_known(fixture_id)
    content = zipped(fixture_id, scope_of(request), Path(settings.RECORDINGS))
    security_log.record("log.zip", request, fixture=fixture_id)
    headers = {"Content-Disposition": f'attachment; filename="log-{fixture_id}.zip"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)


def zipped(fixture_id: int, scope: LogScope, recordings: Path) -> bytes:
    content, notes = io.BytesIO(), []
    messages = [message for batch in all_batches(fixture_id, scope, MOST_BODIES) for message in batch.shown]
    if len(messages) >= MOST_BODIES:
        notes.append(gettext("Cut after %(count)d messages; ask for less time.") % {"count": len(messages)})
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log.csv", "".join(csv_lines(fixture_id, scope, MOST_BODIES)))
        size = found = 0
        try:
            for message, body in bodies_of(messages, recordings, MOST_SECONDS):
                size += len(body)
                if size > MOST_BYTES:
                    notes.append(gettext("Cut after %(size)d MB of messages.") % {"size": MOST_BYTES // 1024**2})
                    break
                archive.writestr(f"messages/{message.number}{suffix(body)}", body)
                found += 1
        except TookTooLong:
            notes.append(gettext("Cut: the recordings of that time are too large to be read for one request."))
        words = gettext("%(found)d of %(count)d messages are here as they came; no recording has the others.")
        notes.insert(0, words % {"found": found, "count": len(messages)})
        archive.writestr("README.txt", "\n".join([*notes, ""]))
    return content.getvalue()


def suffix(body: bytes) -> str:
    return ".xml" if body.lstrip()[:1] == b"<" else ".json"


@permission_required(VIEW, raise_exception=True)
@require_safe
@recordings_read
def log_body(request: HttpRequest, fixture_id: int, number: int) -> HttpResponse:
    """A message as it came, byte by byte. For operators."""
    message = one_message(fixture_id, number) if number < 2**63 and fixture_id < 2**63 else None
    if message is None:
        raise Http404(gettext("No such message of this fixture was received."))
    headers = {"X-SHA256": message.leaf.digest, "Content-Disposition": "inline"}
    return HttpResponse(body_of(message), content_type="text/plain; charset=utf-8", headers=headers)


def body_of(message: Logged) -> bytes:
    try:
        found = next(iter(bodies_of([message], Path(settings.RECORDINGS), MOST_SECONDS)), None)
    except TookTooLong:
        words = gettext("The recordings of that time are too large to be read for one request.")
        raise Http404(words) from None
    if found is None:
        raise Http404(gettext("The message itself is not kept: no recording has it, and it was not refused."))
    return found[1]
