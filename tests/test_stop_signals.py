"""The first signal asks a command to end well; afterwards everything is as it was before."""

import os
import signal
import threading

import pytest

from feed.management.stop_signals import SIGNALS, stop_signals


@pytest.mark.parametrize("number", SIGNALS)
def test_the_first_signal_asks_and_the_second_would_end_at_once(number: int) -> None:
    signals = []
    with stop_signals(lambda: signals.append(number)):
        os.kill(os.getpid(), number)
        assert signals == [number]
        assert signal.getsignal(number) == signal.SIG_DFL


def test_the_handlers_of_before_come_back() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with stop_signals(lambda: None):
        assert [signal.getsignal(number) for number in SIGNALS] != before
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_outside_the_main_thread_there_are_none_to_take() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    seen = []

    def run() -> None:
        with stop_signals(lambda: None):
            seen.append([signal.getsignal(number) for number in SIGNALS])

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [before]
