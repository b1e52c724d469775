"""`python -m supply.sbom FILE`: all that the desk is made of, Python's packages and the browser's, as CycloneDX.

Both lists come from their own tools, cyclonedx-py and npm; here they are joined.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from supply.npm import npm

ROOT = Path(__file__).resolve().parent.parent
PYTHON_TOOL = ROOT / "var" / "supply" / "bin" / "cyclonedx-py"
OF_PYTHON = (str(PYTHON_TOOL), "requirements", "requirements.txt", "--spec-version", "1.5", "--output-format", "JSON")
OF_BROWSER = ("sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--omit", "dev")


def main(arguments: list[str] | None = None) -> int:
    """Write the file; 1 where a tool fails or is missing."""
    parser = argparse.ArgumentParser(prog="python -m supply.sbom", description="Write all parts as CycloneDX JSON.")
    parser.add_argument("file", type=Path)
    path: Path = parser.parse_args(arguments).file
    try:
        joined = join(read(OF_PYTHON), read((*npm(), *OF_BROWSER)))
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        print(f"The list of parts could not be made: {error}", file=sys.stderr)
        return 1
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(joined, indent=2) + "\n")
    print(f"{path}: {len(joined['components'])} parts")
    return 0


def read(command: tuple[str, ...]) -> dict[str, Any]:
    """What a tool prints. Raises OSError, CalledProcessError or ValueError where it fails."""
    found: dict[str, Any] = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    return found


def join(python: dict[str, Any], browser: dict[str, Any]) -> dict[str, Any]:
    """The browser's list with the parts of Python's in it; the desk itself depends on both."""
    root = browser["metadata"]["component"]["bom-ref"]
    own = next(row for row in browser["dependencies"] if row["ref"] == root)
    own["dependsOn"] = [*own.get("dependsOn", ()), *(part["bom-ref"] for part in python["components"])]
    components = [*python["components"], *browser["components"]]
    dependencies = [*browser["dependencies"], *python.get("dependencies", ())]
    return {**browser, "components": components, "dependencies": dependencies}


if __name__ == "__main__":
    sys.exit(main())
