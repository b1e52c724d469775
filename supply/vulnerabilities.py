"""`python -m supply.vulnerabilities`: known vulnerabilities in what the desk is made of, by pip-audit and `npm audit`.

Both ask for advisories over the internet. Without it nothing is known, and that is said: it is not a pass.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from supply.npm import npm

ROOT = Path(__file__).resolve().parent.parent
AUDIT = ROOT / "var" / "supply" / "bin" / "pip-audit"
OPTIONS = ("--progress-spinner", "off", "--format", "json", "--disable-pip", "--require-hashes", "-r")
#: What is served, what tests it, and what brings and lists the parts.
PINNED = (
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-npm.txt",
    "requirements-supply.txt",
    "requirements-tracing.txt",
)
OF_BROWSER = ("audit", "--json")

FOUND, UNKNOWN = 1, 2
NO_ANSWER = "{} of {} could not be checked: the advisories cannot be read from here. This is not a pass."


class Audited(NamedTuple):
    """Parts of which advisories were read, those that were not, and a line for each known vulnerability."""

    checked: int
    unknown: int
    found: list[str]


def main(arguments: list[str] | None = None) -> int:
    """0: no known vulnerability; 1: one or more; 2: none found, but not all could be checked."""
    argparse.ArgumentParser(prog="python -m supply.vulnerabilities", description=__doc__).parse_args(arguments)
    results = {name: of_python(printed(str(AUDIT), *OPTIONS, name)) for name in PINNED}
    results["package-lock.json"] = of_browser(printed(*npm(), *OF_BROWSER))
    for name, audited in results.items():
        for line in audited.found:
            print(f"{name}: {line}")
        if audited.unknown:
            print(NO_ANSWER.format(audited.unknown, name), file=sys.stderr)
        else:
            print(f"{name}: {audited.checked} parts checked, {len(audited.found)} vulnerabilities")
    if any(audited.found for audited in results.values()):
        return FOUND
    return UNKNOWN if any(audited.unknown for audited in results.values()) else 0


def printed(*command: str) -> Any:
    """The JSON that a tool prints, whatever its exit code says; None where it prints none."""
    try:
        return json.loads(subprocess.run(command, cwd=ROOT, capture_output=True).stdout)
    except (OSError, ValueError):
        return None


def of_python(report: Any) -> Audited:
    """What pip-audit found; a part with a `skip_reason` was not looked at."""
    if not isinstance(report, dict):
        return Audited(0, 1, [])
    parts = report["dependencies"]
    checked = [part for part in parts if "skip_reason" not in part]
    found = [f"{part['name']} {part['version']}: {known['id']}" for part in checked for known in part["vulns"]]
    return Audited(len(checked), len(parts) - len(checked), found)


def of_browser(report: Any) -> Audited:
    """What npm found; without an answer of the registry it prints an error."""
    if not isinstance(report, dict) or "vulnerabilities" not in report:
        return Audited(0, 1, [])
    found = [f"{name}: {known['severity']}, {known['range']}" for name, known in report["vulnerabilities"].items()]
    return Audited(report["metadata"]["dependencies"]["total"], 0, found)


if __name__ == "__main__":
    sys.exit(main())
