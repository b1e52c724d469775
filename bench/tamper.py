"""`python -m bench.tamper [N] [SEED]`: tampers N times with a signed history, and says what was not found."""

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path


def main(number: int = 10_000, seed: int = 1) -> int:
    from bench import desk_side

    with tempfile.TemporaryDirectory(prefix="desk-tamper-") as name:
        folder, began = Path(name), time.monotonic()
        desk_side.set_up(f"sqlite:///{folder / 'desk.sqlite3'}")
        from bench.tampering import WAYS, tamper  # Django is set up only now
        from tests.provable import holdings

        desk, choice, tried, unfound = holdings(folder), random.Random(seed), Counter(), Counter()
        for _ in range(number):
            how, faults = tamper(desk, choice, choice.choice(WAYS))
            tried[how] += 1
            unfound[how] += not faults
    for how, count in sorted(tried.items()):
        print(f"{how:24} {count:6} tried {count - unfound[how]:6} found")
    print(f"{number - unfound.total():,} of {number:,} found, in {time.monotonic() - began:.0f} s.")
    return int(unfound.total() > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
