"""Python's collector of cycles in processes that run for long: it leaves what is loaded alone, and looks rarely."""

import subprocess
import sys
from pathlib import Path

import pytest

from exam.processes import ROOT, environment

LOADED = """
import gc, threading
{load}
for thread in threading.enumerate():
    if thread.name == "get-ready":
        thread.join()
print(gc.get_freeze_count(), *gc.get_threshold())
"""
WEB = "import livescore_site.asgi"
CONSUMER = """
import django
django.setup()
from livescore_site.collector import collect_rarely
collect_rarely()
"""


@pytest.mark.parametrize("load", [WEB, CONSUMER], ids=["a web process", "a consumer"])
def test_what_is_loaded_is_kept_out_and_all_is_looked_at_rarely(load: str, tmp_path: Path):
    """The models alone are 50,000 objects; Python's own thresholds are 700, 10, 10."""
    env = environment(VAR_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="livescore_site.settings")
    script = LOADED.format(load=load)
    process = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )
    frozen, *thresholds = map(int, process.stdout.split())
    assert frozen > 50_000, process.stderr
    assert thresholds == [10_000, 10, 10]


def test_cycles_that_came_later_are_still_collected(tmp_path: Path):
    script = (
        "import gc, weakref\nfrom livescore_site.collector import collect_rarely\ncollect_rarely()\n"
        "class Node: pass\nnode = Node(); node.itself = node; gone = weakref.ref(node); del node\n"
        "gc.collect()\nprint(gone() is None)"
    )
    process = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert process.stdout.strip() == "True", process.stderr


def test_memory_that_was_freed_is_given_back(tmp_path: Path):
    script = (
        "import time\nfrom livescore_site import collector\ncollector.GIVE_BACK_SECONDS = 0.05\n"
        "def rss():\n    return int(open('/proc/self/statm').read().split()[1]) * 4 // 1024\n"
        "before = rss()\nkept = [bytes(2000) for _ in range(50_000)]\nlast = kept[::1000]\ndel kept\nfreed = rss()\n"
        "collector.return_freed_memory()\nuntil = time.monotonic() + 10\n"
        "while rss() > before + 20 and time.monotonic() < until: time.sleep(0.01)\n"
        "print(freed > before + 60, rss() <= before + 20)"
    )
    process = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert process.stdout.strip() == "True True", process.stderr


def test_what_was_there_before_is_looked_at_with_everything_and_what_is_new_each_time(tmp_path: Path):
    script = (
        "import gc, weakref\nfrom livescore_site.collector import collect_new\n"
        "class Node: pass\n"
        "def cycle():\n    node = Node(); node.itself = node; return node, weakref.ref(node)\n"
        "gc.disable()\nold, old_ref = cycle()\ncollect_new()\n"
        "new, new_ref = cycle()\ndel old, new\ncollect_new()\n"
        "print(new_ref() is None, old_ref() is None)\n"
        "gc.unfreeze()\ncollect_new()\nprint(old_ref() is None)"
    )
    process = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert process.stdout.split() == ["True", "False", "True"], process.stderr
