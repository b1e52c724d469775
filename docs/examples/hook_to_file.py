"""A hook that writes each changed state as a line of JSON: HOOKS=hook_to_file:write, with this folder in PYTHONPATH.

The file is HOOK_FILE, or states.jsonl here.
"""

import json
import os
from typing import Any


def write(states: list[dict[str, Any]], is_all: bool) -> None:
    """Append the states; where all states are sent again, begin the file again."""
    with open(os.environ.get("HOOK_FILE", "states.jsonl"), "w" if is_all else "a", encoding="utf-8") as file:
        file.writelines(json.dumps(state) + "\n" for state in states)
