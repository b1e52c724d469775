"""How much memory this process has."""

from pathlib import Path

PAGE, MEGABYTE = 4096, 2**20


def megabytes() -> float:
    """Resident memory of this process, now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / MEGABYTE
