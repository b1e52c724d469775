"""The sources as they stood at a moment, as far as that is known."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from feed.models import Break, FeedSource, Recovery

from .rows import columns, row_type

#: Long lists that no page shows, and how old the last minute's messages were, which is another every second.
LEFT_OUT = {"keep_alives", "active_fixtures", "feed_interrupted", "age_ms", "supplier_age_ms"}
COLUMNS = tuple(name for name in (field.attname for field in columns(FeedSource)) if name not in LEFT_OUT)


def sources_at(moment: datetime) -> list[Any]:
    """The sources' rows, as structs: breaks and recoveries as they stood, so that what was unconfirmed then is so.

    Nothing tells whether a source was down, late or off at a moment: each is as if it had been up.
    """
    return [source_at(present, moment) for present in FeedSource.objects.order_by("pk").values(*COLUMNS)]


def source_at(present: dict[str, Any], moment: datetime) -> Any:
    breaks = Break.objects.filter(source_id=present["id"])
    later = breaks.filter(noticed_at__gt=moment).order_by("epoch").values_list("epoch", flat=True).first()
    recovery = under_way(present["id"], moment)
    newest = breaks.filter(noticed_at__lte=moment).order_by("-noticed_at")
    known = {
        "epoch": present["epoch"] if later is None else later - 1,
        "broke_at": newest.values_list("noticed_at", flat=True).first(),
        "recovering_since": recovery and recovery.began_at,
        "recovery_words": recovery.reason if recovery else "",
    }
    as_if_up = {
        "state": FeedSource.State.UP.value,
        "state_reason": "",
        "state_since": moment,
        "last_message_at": moment,
    }
    as_if_up |= {"consumer": "", "off_since": None, "off_reason": "", "doubted_since": None}
    return row_type(FeedSource)(**{**present, **as_if_up, **known})


def under_way(source_id: int, moment: datetime) -> Recovery | None:
    begun = Recovery.objects.filter(source_id=source_id, began_at__lte=moment)
    return begun.filter(Q(ended_at=None) | Q(ended_at__gt=moment)).order_by("-began_at").first()
