"""What an operations engineer asks of a desk that does not run as it should: every part, every fault, its remedy."""

from .findings import Finding, Grade, examine

__all__ = ["Finding", "Grade", "examine"]
