"""Time stamps (RFC 3161): an authority signs that a checkpoint was there, and when."""

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimeStampRequest,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from feed.proof.others import check_stamp
from feed.proof.trust import Untrue

from .posting import NotAnswered, Post

QUERY = "application/timestamp-query"


class BadCertificates(Exception):
    """The authority's certificates cannot be read; the message says why."""


def read_certificates(path: str) -> list[Certificate]:
    """The certificates for checking stamps, from a PEM file; none where no file is set. Raises `BadCertificates`."""
    if not path:
        return []
    try:
        return load_pem_x509_certificates(Path(path).read_bytes())
    except OSError as error:
        raise BadCertificates(f"PROOF_STAMP_CERTIFICATES: {path}: {error.strerror}.") from None
    except ValueError:
        raise BadCertificates(f"PROOF_STAMP_CERTIFICATES: {path} has no certificates in PEM.") from None


def stamped(post: Post, address: str, note: bytes, certificates: Sequence[Certificate]) -> bytes:
    """The authority's answer, checked. Raises `NotAnswered`, `Untrue`."""
    request = TimestampRequestBuilder().data(note).hash_algorithm(HashAlgorithm.SHA256).build()
    answer = post(address, request.as_bytes(), QUERY)
    if answer.status != HTTPStatus.OK:
        raise NotAnswered(f"it answered with status {answer.status}")
    check_answer(answer.body, note, request, certificates)
    return answer.body


def check_answer(
    response: bytes, note: bytes, request: TimeStampRequest | None, certificates: Sequence[Certificate]
) -> None:
    """That a stamp is of this checkpoint, answers this request, and is the authority's, where its certificates are
    known. Raises `Untrue`."""
    check_stamp(response, note)
    builder = VerifierBuilder(roots=list(certificates), nonce=request.nonce if request else None)
    try:
        read = decode_timestamp_response(response)
        if PKIStatus(read.status) != PKIStatus.GRANTED or (request and read.tst_info.nonce != request.nonce):
            raise Untrue("the time stamp does not answer what was asked for")
        if certificates:
            builder.build().verify_message(read, note)
    except (ValueError, VerificationError) as error:
        raise Untrue(f"a time stamp is not the authority's ({error})") from None
