"""Recordings: one JSON object a line, as `manage.py replay_feed` plays them; packed where the name ends in .zst."""

from base64 import b64encode
from io import BufferedWriter
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import zstandard

from .dialects.envelope import iso
from .outgoing import Outgoing
from .packages import Package


class NotWritable(Exception):
    """The recording cannot be written; the message says why."""


class Recorder:
    """Writes what is sent: when, to which queue, headers, body (text, or `body_base64` where it is not UTF-8)."""

    def __init__(self, path: Path) -> None:
        if not path.name.endswith((".jsonl", ".jsonl.zst")):
            raise NotWritable(f"{path}: a recording ends in .jsonl or .jsonl.zst")
        try:
            self.raw: BufferedWriter = path.open("wb")
        except OSError as error:
            raise NotWritable(f"{path}: {error.strerror}") from None
        packed = path.name.endswith(".zst")
        self.file: BinaryIO = zstandard.ZstdCompressor().stream_writer(self.raw) if packed else self.raw
        self.encode = msgspec.json.Encoder().encode

    def send(self, package: Package, outgoing: Outgoing) -> None:
        line: dict[str, Any] = {
            "received_at": iso(outgoing.at),
            "queue": f"_{package.id}_",
            "headers": outgoing.headers,
        }
        try:
            line["body"] = outgoing.body.decode()
        except UnicodeDecodeError:
            line["body_base64"] = b64encode(outgoing.body).decode()
        self.file.write(self.encode(line) + b"\n")

    def rest(self) -> list[str]:
        return []

    def close(self) -> None:
        self.file.close()
        self.raw.close()
