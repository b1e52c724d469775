"""A span to the database, with the hashes of those whose viewings are in it."""

from collections.abc import Hashable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from feed.models import ViewingSpan
from feed.proof.shown.texts import index_of, shown_leaf, texts
from feed.store.leaves import note_leaf

from .spans import Span, content_of, packed
from .viewers import Viewer, hashes

#: Of a viewing whose socket belongs to nobody.
NOBODY = b""


def write_span(
    process: str, begun_at: datetime, ended_at: datetime, span: Span, owners: Sequence[Hashable], lost: int
) -> None:
    """`owners` are of the span's viewings, in their order. A span in which nothing was shown is not written.

    Its leaf is in the same transaction, so that no span is without.
    """
    if not span.viewings and not lost:
        return
    viewers = {viewer for owner in owners if (viewer := viewer_of(owner)) is not None}
    known = hashes(viewers) if viewers else {}
    for viewing, owner in zip(span.viewings, owners, strict=True):
        viewer = viewer_of(owner)
        viewing.who = known.get(viewer, NOBODY) if viewer is not None else NOBODY
    row = ViewingSpan(process=process, begun_at=begun_at, ended_at=ended_at, lost=lost, blob=packed(span))
    leaf = shown_leaf(row, index_of(row, content_of(row.blob), texts(span))) if settings.PROOF else ""
    with transaction.atomic():
        row.save(force_insert=True)
        if leaf:
            note_leaf(leaf, timezone.now())


def viewer_of(owner: Hashable) -> Viewer | None:
    match owner:
        case (str(kind), int(pk)):
            return kind, pk
    return None
