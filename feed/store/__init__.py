"""A batch of messages -> rows, in one transaction -> changes."""

from .arrival import Received, Rejected
from .batch import store_batch

__all__ = ["Received", "Rejected", "store_batch"]
