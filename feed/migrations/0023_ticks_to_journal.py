"""Prices and scores of before the journal are carried over into it, fixture by fixture; then their tables go.

They become history, of which no state can be made. 1,000,000 ticks take about a minute: prune first what is not needed.
The present of what is not over is written as keyframes, so that from now on there is a state at every moment.
"""

from datetime import UTC, datetime, timedelta
from itertools import groupby

from django.db import migrations
from django.db.models import Q

from feed.journal.blobs import columns, packed
from feed.store.sql.partitions import make_partition

TABLE = "feed_journalentry"
MARKET, SCOREBOARD, SETTLED = 8, 3, 3
AT_ONCE = 2000
LOCK_MILLISECONDS = 10_000
#: Not set, not started, in play, postponed, interrupted, coverage lost, about to start.
NOT_OVER = (0, 1, 2, 5, 6, 8, 9)
#: Parts with the model of their rows, and the fixture's column that says when they last changed.
PARTS = (
    (1, "Fixture", "revision"),
    (2, "Participant", "fixture_revision"),
    (3, "Scoreboard", "scoreboard_revision"),
    (4, "Period", "periods_revision"),
    (5, "Incident", "incidents_revision"),
    (6, "Statistic", "statistics_revision"),
    (7, "PlayerStatistic", "statistics_revision"),
)


def carry_over(apps, schema_editor):
    entry = apps.get_model("feed", "JournalEntry")
    sources = ((apps.get_model("feed", "PriceTick"), price_entries), (apps.get_model("feed", "ScoreTick"), score_entries))
    days = set()
    for ticks, entries in sources:
        for fixture_id in ticks.objects.order_by("fixture_id").values_list("fixture_id", flat=True).distinct():
            rows = [entry(fixture_id=fixture_id, keyframe_revision=0, **fields) for fields in entries(ticks, fixture_id)]
            if schema_editor.connection.vendor == "postgresql":
                for day in {row.committed_at.date() for row in rows} - days:
                    make_partition(TABLE, day, LOCK_MILLISECONDS)
                    days.add(day)
            entry.objects.bulk_create(rows, batch_size=AT_ONCE)


def price_entries(ticks, fixture_id):
    """An entry for each market and revision."""
    rows = ticks.objects.filter(fixture_id=fixture_id).order_by("market_id", "revision", "id")
    for (market_id, revision), group in groupby(rows.iterator(), lambda tick: (tick.market_id, tick.revision)):
        found = list(group)
        last = found[-1]
        states = [
            (t.provider_id, t.bet_id, t.price, t.status, t.settlement, t.suspension_reason, None, None, t.at, 0)
            for t in found
        ]
        market = {"fixture_id": fixture_id, "market_id": market_id, "name": "", "revision": revision}
        step = last.received_at, last.at, 0, market, [], columns(states), []
        yield fields_of(last, MARKET, (last.at, [step], None)) | {
            "market_id": market_id,
            "settles": any(tick.status == SETTLED for tick in found),
        }


def score_entries(ticks, fixture_id):
    """An entry for each revision."""
    rows = ticks.objects.filter(fixture_id=fixture_id).order_by("revision", "id")
    names = ("fixture_id", "status", "description", "current_period", "time", "scores", "received_at", "revision")
    for _, group in groupby(rows.iterator(), lambda tick: tick.revision):
        found = list(group)
        boards = [{name: getattr(tick, name) for name in names} | {"sent_at": tick.at} for tick in found]
        yield fields_of(found[-1], SCOREBOARD, (found[-1].at, boards, []))


def fields_of(tick, part, blob):
    times = {"received_at": tick.received_at, "committed_at": tick.received_at}
    return {"part": part, "revision": tick.revision, "blob": packed(blob), **times}


def note_present(apps, schema_editor):
    fixture, entry = apps.get_model("feed", "Fixture"), apps.get_model("feed", "JournalEntry")
    now = datetime.now(UTC)
    if schema_editor.connection.vendor == "postgresql":
        make_partition(TABLE, now.date(), LOCK_MILLISECONDS)
    lately = Q(status__in=NOT_OVER) | Q(stored_at__gte=now - timedelta(days=1))
    for row in fixture.objects.filter(lately, received_at__isnull=False).values().iterator():
        fields = {"fixture_id": row["id"], "received_at": row["received_at"], "source_id": row["source_id"]}
        found = [*present_parts(apps, row), *present_markets(apps, row, now)]
        entries = [
            entry(**fields, committed_at=now, revision=revision, keyframe_revision=revision, **columns)
            for revision, columns in found
        ]
        entry.objects.bulk_create(entries, batch_size=AT_ONCE)


def present_parts(apps, fixture):
    """Revision and columns of an entry for each part that has rows."""
    for part, name, column in PARTS:
        key = "id" if name == "Fixture" else "fixture_id"
        if rows := list(apps.get_model("feed", name).objects.filter(**{key: fixture["id"]}).values()):
            blob = packed((fixture["sent_at"], rows, []))
            yield fixture[column] or fixture["revision"], {"part": part, "blob": blob}


def present_markets(apps, fixture, now):
    """The same for each market, whose row says from now on which its keyframe is."""
    of_fixture = {"fixture_id": fixture["id"]}
    of_market = {}
    for place, name in enumerate(("ProviderMarket", "Bet")):
        for row in apps.get_model("feed", name).objects.filter(**of_fixture).values():
            of_market.setdefault(row["market_id"], ([], []))[place].append(row)
    markets = apps.get_model("feed", "Market").objects.filter(**of_fixture)
    for row in list(markets.values()):
        revision = row["revision"] or fixture["revision"]
        step = fixture["received_at"], fixture["sent_at"], fixture["source_id"] or 0, row, [], None, []
        blob = packed((fixture["sent_at"], [step], of_market.get(row["market_id"], ([], []))))
        markets.filter(market_id=row["market_id"]).update(keyframe_revision=revision, keyframe_at=now)
        yield revision, {"part": MARKET, "market_id": row["market_id"], "blob": blob}


class Migration(migrations.Migration):
    dependencies = [("feed", "0022_journal")]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RunPython(note_present, migrations.RunPython.noop),
        migrations.DeleteModel("PriceTick"),
        migrations.DeleteModel("ScoreTick"),
    ]
