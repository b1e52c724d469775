"""Witnessing other logs (C2SP tlog-witness): we cosign what continues all that we saw of them, and nothing else."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from feed.models import WitnessedLog
from feed.proof.attest.cosigning import Request, Unreadable, is_signed_by, read_request
from feed.proof.notes import read_witness
from feed.proof.trust import Checkpoint, Untrue, check_consistency, read_key

#: 63 hashes and a checkpoint with some signatures.
MOST_BYTES = 16 * 1024
SIZE = "text/x.tlog.size"


@csrf_exempt
@login_not_required
@require_POST
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """A checkpoint of a log that PROOF_WITNESSED names, and the proof that it continues the last; our signature."""
    if not settings.PROOF_WITNESSED:
        raise Http404("This desk witnesses no logs.")
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        return plain("A checkpoint and its proof are shorter than that.", 413)
    try:
        given = read_request(request.body)
    except Unreadable as error:
        return plain(str(error), 400)
    key = next((key for key in settings.PROOF_WITNESSED if read_key(key)[0] == given.checkpoint.origin), "")
    if not key:
        return plain("No log of that name is witnessed here.", 404)
    if not is_signed_by(given.note, key):
        return plain("The checkpoint is not signed with the log's key.", 403)
    if given.since > given.checkpoint.size:
        return plain("The old size is larger than the checkpoint's.", 400)
    now = timezone.now()
    with transaction.atomic():
        refusal = remembered(given, now)
    if refusal is not None:
        return refusal
    return plain(read_witness(settings.PROOF_WITNESS_KEY).cosignature(given.note, now))


def remembered(given: Request, now: datetime) -> HttpResponse | None:
    """Remember a checkpoint that continues the last one; otherwise why not. Two that come at once take turns."""
    WitnessedLog.objects.get_or_create(origin=given.checkpoint.origin, defaults={"seen_at": now})
    log = WitnessedLog.objects.select_for_update().get(pk=given.checkpoint.origin)
    before = Checkpoint(log.origin, log.size, bytes(log.root), "")
    is_other = given.since == given.checkpoint.size and given.since and before.root != given.checkpoint.root
    if given.since != log.size or is_other:
        return HttpResponse(f"{log.size}\n", content_type=SIZE, status=409)
    try:
        check_consistency(before, given.checkpoint, given.proof)
    except Untrue as error:
        return plain(f"The proof does not lead from the last checkpoint to this one: {error}.", 422)
    log.size, log.root, log.note, log.seen_at = given.checkpoint.size, given.checkpoint.root, given.note, now
    log.save()
    return None


def plain(text: str, status: int = 200) -> HttpResponse:
    words = text if text.endswith("\n") else f"{text}\n"
    return HttpResponse(words, content_type="text/plain; charset=utf-8", status=status)
