"""Memory of the processes that run for long: how often cycles are looked for, and how freed memory is returned."""

import ctypes
import gc
import threading
import time
from collections.abc import Callable

#: Objects that are made and not freed before the young ones are looked at; Python's own number is 700.
SELDOM = 10_000
GIVE_BACK_SECONDS = 10.0
#: Seconds between full collections, each of which holds up a web process for 50 to 150 ms; the others look only at what
#: is new since.
EVERYTHING_SECONDS = 600.0
#: glibc's number for that option (malloc.h), and how many heaps there are.
M_ARENA_MAX, HEAPS = -8, 2


def collect_rarely() -> None:
    """Keep what is loaded by now out of all collections, and collect the rest a fourteenth as often.

    A full collection holds up all sockets of a web process, 150 ms of every 10 s with 500 of them before this, and a
    consumer that is busy, 80 ms of every 2 s.
    """
    gc.collect()
    gc.freeze()
    _, middle, old = gc.get_threshold()
    gc.set_threshold(SELDOM, middle, old)


def share_heaps() -> None:
    """Have all threads allocate from two of glibc's heaps, before they begin.

    Each thread would have one of its own, which keeps what its largest page needed; only one of them runs at a time.
    """
    option = getattr(ctypes.CDLL(None), "mallopt", None)
    if option is not None:
        option(M_ARENA_MAX, HEAPS)


def return_freed_memory() -> None:
    """Give freed memory back to the system, now and then, in a thread that holds no lock of Python's.

    glibc keeps what was freed below the top of its heaps. After a minute of somebody who sends all they can, that
    was 10 MB of a web process' 140. Another 25 MB were cycles: they are looked for each time too.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        threading.Thread(target=_give_back, args=(trim,), name="give-back", daemon=True).start()


def _give_back(trim: Callable[[int], int]) -> None:
    everything_at = time.monotonic()
    while True:
        time.sleep(GIVE_BACK_SECONDS)
        if time.monotonic() - everything_at >= EVERYTHING_SECONDS:
            everything_at = time.monotonic()
            gc.unfreeze()
        collect_new()
        trim(0)


def collect_new() -> None:
    """Collect what was made since the last time, and keep the rest out of collections until everything is looked at.

    So it takes as long as what is new is large. A cycle that is in use now and ends later is freed with everything.
    """
    gc.collect()
    gc.freeze()
