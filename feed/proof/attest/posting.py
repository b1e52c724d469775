"""How others are asked. Who sends it, the site says: the feed knows no HTTP."""

from collections.abc import Callable
from typing import NamedTuple


class Answer(NamedTuple):
    status: int
    body: bytes


class NotAnswered(Exception):
    """Why nobody answered, in a few words."""


#: Posts a body of a kind to an address, within a bound of time and size. Raises `NotAnswered`.
Post = Callable[[str, bytes, str], Answer]
