"""Tampering with an act: it is deleted, or its person, fixture, kind, text or time is changed."""

import random
from datetime import timedelta

from feed.models import Act


def an_act(choice: random.Random, _: object) -> None:
    act = choice.choice(list(Act.objects.all()))
    what = choice.choice(["gone", "who", "fixture", "kind", "text", "time"])
    if what == "gone":
        act.delete()
        return
    if what == "time":
        act.at += timedelta(microseconds=choice.randrange(1, 10_000_000))
    elif what == "fixture":
        act.fixture_id = (act.fixture_id or 0) + 1
    else:
        setattr(act, what, f"{getattr(act, what)}x")
    act.save()
