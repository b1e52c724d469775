"""The outcome of a call to LSports, as a value and as a sentence that a person can read."""

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """How a call ended."""

    SUCCESS = "success"
    REFUSED = "refused"
    SERVER_ERROR = "server_error"
    UNEXPECTED = "unexpected"
    NOT_JSON = "not_json"
    TIME_OUT = "time_out"
    NO_CONNECTION = "no_connection"
    CUT_OFF = "cut_off"
    NO_SUCH_HOST = "no_such_host"
    TLS = "tls"
    TOO_SOON = "too_soon"
    BUSY = "busy"
    PROPOSED = "proposed"
    SEALED = "sealed"
    NOT_ALLOWED = "not_allowed"
    NOT_STORED = "not_stored"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Kind.SUCCESS: "success",
    Kind.REFUSED: "refused by LSports",
    Kind.SERVER_ERROR: "LSports' server failed",
    Kind.UNEXPECTED: "unexpected answer",
    Kind.NOT_JSON: "answer is not JSON",
    Kind.TIME_OUT: "no answer in time",
    Kind.NO_CONNECTION: "no connection",
    Kind.CUT_OFF: "connection broke off",
    Kind.NO_SUCH_HOST: "host not found",
    Kind.TLS: "TLS failed",
    Kind.TOO_SOON: "too soon",
    Kind.PROPOSED: "a second person has to agree",
    Kind.BUSY: "another call under way",
    Kind.SEALED: "password cannot be used",
    Kind.NOT_ALLOWED: "address not allowed",
    Kind.NOT_STORED: "snapshot not stored",
}


class QueueReport(msgspec.Struct, frozen=True, kw_only=True):
    """What GetDistributionStatus says about a queue. `per_second` is the rate at which LSports sends."""

    waiting: int | None = None
    per_second: float | None = None
    consumers: int | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a call went. `sentence` is for a person; `answer` is the body LSports sent, shortened, without the password.

    `is_active` is whether the package is active, None where the answer does not say.
    """

    kind: Kind
    sentence: str
    status_code: int | None = None
    answer: str = ""
    attempts: int = 0
    is_active: bool | None = None
    queue: QueueReport | None = None

    @property
    def ok(self) -> bool:
        return self.kind is Kind.SUCCESS


def storable(text: str) -> str:
    """Without NUL, which PostgreSQL rejects: whatever LSports answers, it must be possible to record it."""
    return text.replace("\0", "\ufffd")
