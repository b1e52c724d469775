"""Python's collector of cycles in processes that run for long: it leaves what is loaded alone, and looks rarely."""

import subprocess
import sys

import pytest

from tests.processes import ROOT, environment

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
from feed.collector import collect_rarely
collect_rarely()
"""


@pytest.mark.parametrize("load", [WEB, CONSUMER], ids=["a web process", "a consumer"])
def test_what_is_loaded_is_kept_out_and_all_is_looked_at_rarely(load: str, tmp_path):
    """The models alone are 50,000 objects; Python's own thresholds are 700, 10, 10."""
    env = environment(VAR_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="livescore_site.settings")
    script = LOADED.format(load=load)
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    kept, *thresholds = map(int, told.stdout.split())
    assert kept > 50_000, told.stderr
    assert thresholds == [10_000, 10, 10]


def test_cycles_that_came_later_are_still_collected(tmp_path):
    script = (
        "import gc, weakref\nfrom feed.collector import collect_rarely\ncollect_rarely()\n"
        "class Node: pass\nnode = Node(); node.itself = node; gone = weakref.ref(node); del node\n"
        "gc.collect()\nprint(gone() is None)"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert told.stdout.strip() == "True", told.stderr
