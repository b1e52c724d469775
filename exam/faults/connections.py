"""Connections that are cut, or half open: nothing is carried any more and nobody says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from exam.rig import Rig

from .kind import Happening, form_of, notice

#: By way, and whether it is cut or held: within how many seconds whoever watches must know. A consumer without its
#: database gives no sign of life, and is gone after five seconds and two; a web process says after ten that it does not
#: read, a page after twelve that it hears nothing; a broker that says nothing is a silent feed.
NOTICE: dict[tuple[str, bool], float] = {
    ("broker", True): 3.0,
    ("broker", False): 16.0,
    ("feed database", True): 7.0,
    ("feed database", False): 7.0,
    ("web database", True): 10.0,
    ("web database", False): 10.0,
    ("feed redis", True): 3.0,
    ("feed redis", False): 7.0,
    ("web redis", True): 3.0,
    ("web redis", False): 3.0,
    ("page", True): 2.0,
    ("page", False): 13.0,
}


@contextmanager
def connections(rig: Rig, rng: Random) -> Iterator[Happening]:
    """One of the ways between the processes, the browser's and the program's included."""
    name, is_cut = form_of(rig, sorted(NOTICE))
    way = rig.ways[name]
    (way.cut if is_cut else way.hold)()
    yield Happening(f"{name}: {'cut' if is_cut else 'half open'}", notice(NOTICE[name, is_cut]))
    way.restore()
