"""Processes that are killed or stand still."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from subprocess import Popen

from exam.rig import Rig

from .kind import Happening, form_of, notice
from .supplier import disorder

#: A dead consumer is noticed within its heartbeat of 5 s plus 2; pages and programs notice at once that theirs is gone.
CONSUMER_NOTICE, WEB_NOTICE, FROZEN_NOTICE = 7.0, 2.0, 13.0
#: How long messages come in disorder for a consumer that was started again.
RESTART_SECONDS = 6.0


@contextmanager
def killed(rig: Rig, rng: Random) -> Iterator[Happening]:
    """kill -9, and a new one in its place when it is over."""
    with form_of(rig, (web_killed, consumer_killed))(rig) as happening:
        yield happening


@contextmanager
def consumer_killed(rig: Rig) -> Iterator[Happening]:
    end(rig.consumer)
    yield Happening("the consumer is killed", notice(CONSUMER_NOTICE))
    rig.consumer = rig.start_consumer()


@contextmanager
def web_killed(rig: Rig) -> Iterator[Happening]:
    end(rig.web)
    yield Happening("the web process is killed", notice(WEB_NOTICE))
    rig.web = rig.start_web()


@contextmanager
def killed_in_disorder(rig: Rig, rng: Random) -> Iterator[Happening]:
    """The consumer is killed while messages come twice and change places, for the short exam."""
    with disorder(rig, rng) as disordered:
        with consumer_killed(rig) as killing:
            yield Happening(f"{killing.what}; {disordered.what}", killing.excuses)
        rig.rest(RESTART_SECONDS)


@contextmanager
def purged(rig: Rig, rng: Random) -> Iterator[Happening]:
    """The queues are purged while no consumer is there: what waited is lost for good."""
    away_at = time.time()
    rig.consumer.send_signal(signal.SIGTERM)
    rig.consumer.wait(20)
    yield Happening("the queues are purged while the consumer is away", notice(CONSUMER_NOTICE))
    rig.purge(away_at)
    rig.rest(1)
    rig.consumer = rig.start_consumer()


@contextmanager
def frozen(rig: Rig, rng: Random) -> Iterator[Happening]:
    """The web process stands still; its connections stay open."""
    rig.web.send_signal(signal.SIGSTOP)
    yield Happening("the web process stands still", notice(FROZEN_NOTICE))
    rig.web.send_signal(signal.SIGCONT)


def end(process: "Popen[str]") -> None:
    process.kill()
    process.wait()
