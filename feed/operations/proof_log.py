"""The signed log by HTTP, as C2SP tlog-tiles has it: the last checkpoint and the tree's hashes, which name nothing.

Only where `PROOF_IS_PUBLIC` says so; whoever reads them compares what they were shown before with what is signed now.
"""

from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from feed.proof.signing import proof_folder

#: A tile with all of its 256 hashes never changes; one that is growing has a name for each width.
NOTE = "text/plain; charset=utf-8"
FOR_GOOD, FOR_A_MOMENT = "public, max-age=31536000, immutable", "no-cache"


class TileConverter:
    """A tile's place, `1/x001/234` or `0/000.p/7`: level, number in thousands, width where it is not full."""

    regex = (
        r"(?:[0-9]|[1-5][0-9]|6[0-3])/(?:x[0-9]{3}/){0,6}[0-9]{3}(?:\.p/(?:[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
    )

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


@login_not_required
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The last that was signed, a C2SP signed note; with witnesses' signatures where they saw it already."""
    response = served("checkpoint", NOTE, FOR_A_MOMENT)
    with suppress(OSError):
        seen = (Path(proof_folder()) / "cosigned").read_bytes()
        if seen.startswith(response.content):
            response.content = seen
    return response


@login_not_required
@require_safe
def cosigned(request: HttpRequest) -> HttpResponse:
    """The last that witnesses cosigned, with their signatures."""
    return served("cosigned", NOTE, FOR_A_MOMENT)


@login_not_required
@require_safe
def tile(request: HttpRequest, place: str) -> HttpResponse:
    """Hashes of 32 bytes each."""
    return served(f"tile/{place}", "application/octet-stream", FOR_GOOD)


def served(name: str, kind: str, cached: str) -> HttpResponse:
    """A file of the log. Raises `Http404` where there is none, or the log is not public."""
    if not settings.PROOF_IS_PUBLIC:
        raise Http404("The log is not public here.")
    path = Path(proof_folder()) / name
    try:
        content = path.read_bytes()
    except OSError:
        raise Http404("The log has no such file.") from None
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": cached})
