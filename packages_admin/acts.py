"""Calls that change something are signed as acts of ours (docs/proof.md), before they go and after their answer."""

from feed.store.leaves import note_act

from .models import PackageCall
from .products import ACTS


def note_asked(row: PackageCall) -> None:
    if row.action in ACTS:
        facts = {"package": row.package_name, "origin": row.origin, "request": row.request}
        note_act(f"{row.action}", row.actor_name, call=row.pk, **facts)


def note_answered(row: PackageCall, ok: bool, sentence: str) -> None:
    if row.action in ACTS:
        note_act(f"{row.action}.answered", row.actor_name, call=row.pk, ok=ok, sentence=sentence)
