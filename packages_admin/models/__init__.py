"""Packages of ours at LSports, what was asked of them, and how full their queues were."""

from .call import PackageCall
from .package import Package, PackageQueue, QueueAddress
from .reading import QueueReading

__all__ = ["Package", "PackageCall", "PackageQueue", "QueueAddress", "QueueReading"]
