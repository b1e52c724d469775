"""A child process that answers requests: one line of JSON each way."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import IO, Any, cast


class Worker:
    """Runs `python -m bench.<module> <arguments>` until the `with` block ends. `ask` is `begin`, then `answer`."""

    def __init__(self, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-m", f"bench.{module}", *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *exc: object) -> None:
        self.process.kill()
        self.process.communicate()

    def ask(self, what: str, **arguments: Any) -> Any:
        """Have the process do `what`; returns its answer. Raises RuntimeError if it ends instead."""
        self.begin(what, **arguments)
        return self.answer()

    def begin(self, what: str, **arguments: Any) -> None:
        print(json.dumps([what, arguments]), file=cast(IO[str], self.process.stdin), flush=True)

    def answer(self) -> Any:
        if not (line := cast(IO[str], self.process.stdout).readline()):
            raise RuntimeError(f"{self.process.args} ended with {self.process.wait()}")
        return json.loads(line)


def serve(actions: Mapping[str, Callable[..., Any]]) -> None:
    """In the child process: do what is asked for by name, until the input ends."""
    for line in sys.stdin:
        what, arguments = json.loads(line)
        print(json.dumps(actions[what](**arguments)), flush=True)
