"""Packages of ours at LSports, what was asked of them, and how full their queues were."""

from .address import QueueAddress
from .call import PackageCall
from .cancel_proposal import CancelProposal
from .package import Package
from .queue import PackageQueue
from .reading import QueueReading
from .supplier_name import SupplierName
from .suspension import Suspension

__all__ = [
    "CancelProposal",
    "Package",
    "PackageCall",
    "PackageQueue",
    "QueueAddress",
    "QueueReading",
    "SupplierName",
    "Suspension",
]
