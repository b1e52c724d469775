"""A process of its own that does what it is asked: a line of JSON each way."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import IO, Any, cast


class Worker:
    """`python -m bench.<module> <arguments>`, until it is left. `begin` and `answer` are the halves of `ask`."""

    def __init__(self, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-m", f"bench.{module}", *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *exc: object) -> None:
        self.process.kill()
        self.process.communicate()

    def ask(self, what: str, **arguments: Any) -> Any:
        """What the process answers when it has done so; RuntimeError if it ends instead."""
        self.begin(what, **arguments)
        return self.answer()

    def begin(self, what: str, **arguments: Any) -> None:
        print(json.dumps([what, arguments]), file=cast(IO[str], self.process.stdin), flush=True)

    def answer(self) -> Any:
        if not (line := cast(IO[str], self.process.stdout).readline()):
            raise RuntimeError(f"{self.process.args} ended with {self.process.wait()}")
        return json.loads(line)


def serve(does: Mapping[str, Callable[..., Any]]) -> None:
    """In the process: do what is asked, by name, until nobody asks any more."""
    for line in sys.stdin:
        what, arguments = json.loads(line)
        print(json.dumps(does[what](**arguments)), flush=True)
