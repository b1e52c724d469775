"""How the desk asks time-stamping authorities and witnesses: at the address that the settings name, and no other."""

from urllib.parse import urlsplit

import httpx

from feed.proof.attest.posting import Answer, NotAnswered
from packages_admin.destinations import NotAllowed
from packages_admin.network import CheckedTransport

#: All of a call, and the most of an answer.
SECONDS, MOST_BYTES = 10.0, 64 * 1024


def post(address: str, body: bytes, kind: str) -> Answer:
    """Raises `NotAnswered`."""
    parts = urlsplit(address)
    hosts = [f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""]
    headers = {"content-type": kind, "accept-encoding": "identity"}
    try:
        with (
            httpx.Client(transport=CheckedTransport(SECONDS, hosts), timeout=SECONDS, follow_redirects=False) as client,
            client.stream("POST", address, content=body, headers=headers) as answer,
        ):
            content = b""
            for piece in answer.iter_raw():
                content += piece
                if len(content) > MOST_BYTES:
                    raise NotAnswered("its answer has no end")
            return Answer(answer.status_code, content)
    except NotAllowed:
        raise NotAnswered("its name stands for an address that is not public") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise NotAnswered(f"it cannot be reached ({type(error).__name__})") from None
