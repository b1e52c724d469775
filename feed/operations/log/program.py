"""The log for programs: what the page has, as JSON."""

from typing import Any
from urllib.parse import unquote, urlencode

from django.http import HttpRequest
from django.urls import reverse

from feed.api.access import Access, Refused, answered
from feed.api.inputs import MOST_ID, known, moment_named, number
from feed.live.programs.rows import iso
from feed.pages.log.changed import Price
from feed.pages.log.messages import MOST_MESSAGES, Logged, LogScope, read_log
from feed.pages.prices.odds import exact_text
from feed.pages.visible import visible

from .lines import LogLine, lines_of

NAMES = {"begin", "end", "type", "market", "text", "before", "limit"}
MOST_TEXT = 100


@answered
def log(request: HttpRequest, access: Access, fixture_id: int) -> dict[str, Any]:
    """What came of a fixture and what became of it, newest first; `next` is where older ones are, null at the end.

    Of a batch all is on one page, so that there may be more than `limit`; in a search a page may be empty and have a
    next one.
    """
    known(request, NAMES)
    if access.contents != "all":
        raise Refused(403, f"Your token opens {access.contents} only.")
    scope = scope_of(request)
    limit = number(request, "limit", MOST_MESSAGES, least=1, most=MOST_MESSAGES)
    if fixture_id > MOST_ID or not access.scope.fixtures().filter(pk=fixture_id).exists():
        raise Refused(404, f"LSports has not sent a fixture {fixture_id}, or your token does not open it.")
    found = read_log(fixture_id, scope, limit)
    lines = lines_of(fixture_id, found.batches, with_breaks=not scope.is_search)
    older = None
    if found.before is not None:
        words = {**request.GET.dict(), "before": iso(found.before)}
        older = f"{reverse('api_log', args=[fixture_id])}?{urlencode(words)}"
    return {"fixture_id": fixture_id, "entries": [entry_json(line) for line in lines], "next": older}


def scope_of(request: HttpRequest) -> LogScope:
    begin, end, before = (moment_named(request, name) for name in ("begin", "end", "before"))
    if begin is not None and end is not None and begin >= end:
        raise Refused(404, "There is nothing between: end must be later than begin.")
    text = request.GET.get("text", "")
    if len(text) > MOST_TEXT or ("text" in request.GET and not text):
        raise Refused(400, f"text has 1 to {MOST_TEXT} characters.")
    numbers = {name: number(request, name, 0) if name in request.GET else None for name in ("type", "market")}
    ends = [moment for moment in (end, before) if moment is not None]
    return LogScope(begin=begin, end=min(ends, default=None), text=visible(text).strip(), **numbers)


def entry_json(line: LogLine) -> dict[str, Any]:
    return {
        "at": iso(line.at),
        "message": message_json(line.message, line) if line.message is not None else None,
        "parts": line.changed.words,
        "prices": [price_json(price) for price in line.changed.prices],
        "prices_changed": line.changed.bets,
        "pushed_at": iso(line.pushed_at),
        "painted_at": iso(line.painted_at),
        "words": line.words or None,
    }


def message_json(message: Logged, line: LogLine) -> dict[str, Any]:
    details = message.details
    return {
        "number": message.number,
        "kind": message.leaf.kind,
        "type": details.type,
        "type_name": line.type_name or None,
        "markets": details.markets,
        "msg_seq": details.seq,
        "msg_guid": details.guid or None,
        "sent_at": iso(details.sent_at),
        "received_at": iso(message.received_at),
        "source": unquote(message.source),
        "position": message.position,
        "bytes": details.size if message.has_details else None,
        "unread_parts": details.unread,
        "may_be_repeat": details.is_repeat,
        "missing_before": message.missing,
        "sha256": message.leaf.digest,
        "has_details": message.has_details,
    }


def price_json(price: Price) -> dict[str, Any]:
    return {
        "market": price.market,
        "bet": price.bet,
        "provider": price.provider,
        "price": exact_text(price.price),
        "status": price.status,
    }
