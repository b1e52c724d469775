"""A span to the database, with the hashes of those whose viewings are in it."""

from collections.abc import Hashable, Sequence
from datetime import datetime

from feed.models import ViewingSpan

from .spans import Span, packed
from .viewers import Viewer, hashes

#: Of a viewing whose socket belongs to nobody.
NOBODY = b""


def write_span(
    process: str, begun_at: datetime, ended_at: datetime, span: Span, owners: Sequence[Hashable], lost: int
) -> None:
    """`owners` are of the span's viewings, in their order. A span in which nothing was shown is not written."""
    if not span.viewings and not lost:
        return
    viewers = {viewer for owner in owners if (viewer := viewer_of(owner)) is not None}
    known = hashes(viewers) if viewers else {}
    for viewing, owner in zip(span.viewings, owners, strict=True):
        viewer = viewer_of(owner)
        viewing.who = known.get(viewer, NOBODY) if viewer is not None else NOBODY
    blob = packed(span)
    ViewingSpan.objects.create(process=process, begun_at=begun_at, ended_at=ended_at, lost=lost, blob=blob)


def viewer_of(owner: Hashable) -> Viewer | None:
    match owner:
        case (str(kind), int(pk)):
            return kind, pk
    return None
