"""The log's key, and the checkpoints that it signs: C2SP signed notes with Ed25519. Without Django."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime
from secrets import token_hex

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .others import COSIGNATURE, cosigned_text
from .trust import ED25519, key_id

PRIVATE = "PRIVATE+KEY+"


class BadKey(Exception):
    """A private key that cannot be used; the message says why, without the key in it."""


class Signer(msgspec.Struct, frozen=True):
    """The log's name, which no other log has, and its key."""

    name: str
    key: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    @property
    def public_key(self) -> str:
        """The line by which others check what this key signed."""
        return f"{self.name}+{key_id(self.name, self.public).hex()}+{b64encode(ED25519 + self.public).decode()}"

    def checkpoint(self, size: int, root: bytes, at: datetime) -> str:
        """A signed note that the tree of `size` leaves has this root at `at`."""
        time = at.astimezone(UTC).isoformat(timespec="milliseconds")[:23] + "Z"
        return self.note(f"{self.name}\n{size}\n{b64encode(root).decode()}\ntime {time}\n")

    def note(self, text: str) -> str:
        """Lines of text, signed."""
        signature = key_id(self.name, self.public) + self.key.sign(text.encode())
        return f"{text}\n\u2014 {self.name} {b64encode(signature).decode()}\n"


class Witness(msgspec.Struct, frozen=True):
    """Who cosigns others' checkpoints: its name, and a key that signs nothing else."""

    name: str
    key: Ed25519PrivateKey

    @property
    def public_key(self) -> str:
        """The line by which others check what this key cosigned."""
        packed = b64encode(COSIGNATURE + self.public).decode()
        return f"{self.name}+{self.number.hex()}+{packed}"

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    @property
    def number(self) -> bytes:
        return key_id(self.name, self.public, COSIGNATURE)

    def cosignature(self, note: str, at: datetime) -> str:
        """A line under the checkpoint: that it continues all that this witness has seen of its log."""
        seconds = int(at.timestamp())
        signature = self.number + seconds.to_bytes(8, "big") + self.key.sign(cosigned_text(note, seconds))
        return f"\u2014 {self.name} {b64encode(signature).decode()}\n"


def new_key(name: str = "") -> str:
    """A private key's line; without a name the log gets one that no other has. Raises `BadKey` for a bad name."""
    name = name or f"livescore-desk-{token_hex(4)}"
    if not name.isascii() or not name.isprintable() or set(name) & set(" +"):
        raise BadKey("A log's name is an address without https://, such as desk.example.com/log: no blanks, no +.")
    key = Ed25519PrivateKey.generate()
    number = key_id(name, key.public_key().public_bytes_raw()).hex()
    return f"{PRIVATE}{name}+{number}+{b64encode(ED25519 + key.private_bytes_raw()).decode()}"


def read_witness(line: str) -> Witness:
    """Raises `BadKey`."""
    signer = read_signer(line)
    return Witness(signer.name, signer.key)


def read_signer(line: str) -> Signer:
    """Raises `BadKey`."""
    name, _, rest = line.strip().removeprefix(PRIVATE).partition("+")
    number, _, packed = rest.partition("+")
    try:
        secret = b64decode(packed, validate=True)
        signer = Signer(name, Ed25519PrivateKey.from_private_bytes(secret[1:]))
    except ValueError:
        raise BadKey("PROOF_KEY is not a key as `manage.py proof key --new NAME` prints it.") from None
    if not line.startswith(PRIVATE) or secret[:1] != ED25519 or key_id(name, signer.public).hex() != number:
        raise BadKey("PROOF_KEY is not a key as `manage.py proof key --new NAME` prints it: its parts do not fit.")
    return signer
