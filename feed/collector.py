"""Python's collector of cycles, for the processes that run for long."""

import gc

#: Objects that are made and not freed before the young ones are looked at; Python's own number is 700.
SELDOM = 10_000


def collect_rarely() -> None:
    """Keep what is loaded by now out of all collections, and collect the rest a fourteenth as often.

    A full collection holds up all sockets of a web process, 150 ms of every 10 s with 500 of them before this, and a
    consumer that is busy, 80 ms of every 2 s.
    """
    gc.collect()
    gc.freeze()
    _, middle, old = gc.get_threshold()
    gc.set_threshold(SELDOM, middle, old)
