"""LSports' metadata: what it calls things, fetched, kept, renewed daily. It names what the feed has only ids of."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from feed.models import League, Location, Sport
from packages_admin.actions import Asker
from packages_admin.client import Transport
from packages_admin.models import Package, PackageCall, SupplierName
from packages_admin.outcome import Kind, Outcome
from packages_admin.products import Call

from .asking import ask_for, counted, listed
from .orders import number

NO_LANGUAGE = "The package does not say which number LSports has for the desk's language. Nothing was sent."
RENEW_EVERY = timedelta(days=1)
#: Where participants come in pages.
PAGE_SIZE, MOST_PAGES = 1000, 50


class Form(NamedTuple):
    """Where the answer to a call has its list, and how its elements have their id and name, in lower case."""

    list: str
    number: str = "id"
    name: str = "name"


#: As LSports' own clients read them.
FORMS = {
    Call.SPORTS: Form("sports"),
    Call.LOCATIONS: Form("locations"),
    Call.LEAGUES: Form("leagues"),
    Call.MARKETS: Form("markets"),
    Call.COMPETITIONS: Form("competitions"),
    Call.INCIDENTS: Form("data", "incidentid", "incidentname"),
    Call.VENUES: Form("data", "venueid"),
    Call.CITIES: Form("data", "cityid"),
    Call.STATES: Form("data", "stateid"),
    Call.PARTICIPANTS: Form("data"),
    Call.SEASONS: Form("seasons", "seasonid", "seasonname"),
    Call.TOURS: Form("tours", "tourid", "tourname"),
}
#: Those whose answer has more than one page.
PAGED = frozenset({Call.PARTICIPANTS})
#: The feed's rows whose names are placeholders until LSports names them.
FEED_ROWS: dict[Call, Any] = {Call.SPORTS: Sport, Call.LOCATIONS: Location, Call.LEAGUES: League}
#: What translations are fetched of, with the key of the request.
TRANSLATED = {
    Call.SPORTS: "SportIds",
    Call.LOCATIONS: "LocationIds",
    Call.LEAGUES: "LeagueIds",
    Call.MARKETS: "MarketIds",
}


def fetch_metadata(package: Package, call: Call, asker: Asker, transport: Transport | None = None) -> Outcome:
    """Fetch one kind of names and keep them. What LSports names no more stays."""
    found: list[dict[str, Any]] = []
    for page in range(1, MOST_PAGES + 1):
        wanted = {"Page": page, "PageSize": PAGE_SIZE} if call in PAGED else {}
        answered = ask_for(package, call, asker, wanted, transport)
        if not answered.outcome.ok:
            return answered.outcome
        part = listed(answered.body, FORMS[call].list)
        if part is None and not found:
            return counted(answered, None, f"{call} there are")
        found += part or []
        if call not in PAGED or len(part or []) < PAGE_SIZE:
            break
    rows = list(named(call, found, timezone.now()))
    keep(rows)
    name_feed_rows(call, rows)
    return counted(answered, rows, f"{call} named")


def named(call: Call, found: list[dict[str, Any]], at: datetime) -> Iterator[SupplierName]:
    """One row for each id that has a name; the same id twice (an incident of two sports) once."""
    form, seen = FORMS[call], set()
    for members in found:
        pk, name = number(members.get(form.number)), members.get(form.name)
        if pk is None or not isinstance(name, str) or not name or pk in seen:
            continue
        seen.add(pk)
        details = {key: value for key, value in members.items() if key not in (form.number, form.name)}
        yield SupplierName(kind=call, number=pk, name=name.replace("\0", ""), details=details, stated_at=at)


def keep(rows: list[SupplierName]) -> None:
    SupplierName.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["kind", "number", "language"],
        update_fields=["name", "details", "stated_at"],
    )


def name_feed_rows(call: Call, rows: list[SupplierName]) -> None:
    """Give the feed's sports, locations and leagues their names where it has sent only their ids."""
    if call not in FEED_ROWS:
        return
    model = FEED_ROWS[call]
    names = {row.number: row.name for row in rows}
    for row in model.objects.filter(pk__in=names):
        if row.name == f"{model.__name__} {row.pk}":
            model.objects.filter(pk=row.pk, name=row.name).update(name=names[row.pk])


def fetch_translations(package: Package, asker: Asker, transport: Transport | None = None) -> Outcome:
    """Fetch the names in the desk's language of what is kept, where LSports' number of it is set in the package."""
    if not package.language:
        return Outcome(kind=Kind.REFUSED, sentence=NO_LANGUAGE)
    known = SupplierName.objects.filter(language=0, kind__in=TRANSLATED)
    ids: dict[str, list[int]] = {key: [] for key in TRANSLATED.values()}
    for kind, pk in known.values_list("kind", "number"):
        ids[TRANSLATED[Call(kind)]].append(pk)
    wanted = {**{key: found for key, found in ids.items() if found}, "Languages": [package.language]}
    answered = ask_for(package, Call.TRANSLATIONS, asker, wanted, transport)
    if not answered.outcome.ok:
        return answered.outcome
    rows = [row for call in TRANSLATED for row in translated(call, answered.body.get(call), timezone.now())]
    keep(rows)
    return counted(answered, rows, "names translated")


def translated(call: Call, found: Any, at: datetime) -> Iterator[SupplierName]:
    """`found` maps ids to lists of {"LanguageId", "Value"}."""
    for word, values in found.items() if isinstance(found, dict) else ():
        for value in values if isinstance(values, list) and word.isdecimal() else ():
            language, name = number(value.get("LanguageId")), value.get("Value")
            if language and isinstance(name, str) and name:
                yield SupplierName(kind=call, number=int(word), language=language, name=name, stated_at=at)


def renew_names(asker: Asker, transport: Transport | None = None) -> Iterator[str]:
    """Renew what is due of the packages that LSports serves. Names are the same for all of them: the first is asked."""
    trade = Package.objects.consumable().exclude(product=Package.ProductName.HYPER)
    for package in trade.order_by("pk")[:1]:
        yield from renew_metadata(package, asker, timezone.now(), transport)


def renew_metadata(package: Package, asker: Asker, now: datetime, transport: Transport | None = None) -> Iterator[str]:
    """Fetch one kind that was not asked for a day: one in each check, so that LSports' limits hold."""
    calls = [*FORMS, *([Call.TRANSLATIONS] if package.language else [])]
    recent = PackageCall.objects.filter(package=package, action__in=calls, asked_at__gt=now - RENEW_EVERY)
    done = set(recent.values_list("action", flat=True))
    due = next((call for call in calls if call not in done), None)
    if due is None:
        return
    if due is Call.TRANSLATIONS:
        outcome = fetch_translations(package, asker, transport)
    else:
        outcome = fetch_metadata(package, due, asker, transport)
    yield f"{package.name}, {due}: {outcome.sentence}"


def supplier_name(kind: Call, pk: int, language: int | None = None) -> str:
    """LSports' name of an id, in the language where it has sent one; empty where it never has."""
    rows = SupplierName.objects.filter(kind=kind, number=pk, language__in={0, language or 0}).order_by("-language")
    return rows.values_list("name", flat=True).first() or ""
