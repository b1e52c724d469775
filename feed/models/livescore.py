"""The state of play: scoreboard, periods, incidents, statistics. LSports sends all of it whole, each time."""

from django.db import models

from .fixture import Fixture


class Scoreboard(models.Model):
    """The score and clock of a fixture. `scores` and the like map a position to its value: {"1": "2", "2": "0"}.

    `time` and `clock_seconds` are seconds; -1 or None: no clock. `corrected_from` holds the scores before the last
    time they went back (docs/protocol.md, Corrections), with `corrected_at`.
    """

    fixture = models.OneToOneField(Fixture, models.CASCADE, primary_key=True, db_constraint=False)
    status = models.BigIntegerField(default=0)
    description = models.BigIntegerField(null=True)
    current_period = models.BigIntegerField(null=True)
    time = models.BigIntegerField(null=True)
    clock_status = models.BigIntegerField(null=True)
    clock_seconds = models.BigIntegerField(null=True)
    scores = models.JSONField(default=dict)
    extra_data = models.JSONField(default=dict)
    current_incident = models.JSONField(null=True)
    danger_triggers = models.JSONField(default=list)
    corrected_from = models.JSONField(null=True)
    corrected_at = models.DateTimeField(null=True)
    source = models.ForeignKey("feed.FeedSource", models.PROTECT, null=True, db_constraint=False, db_index=False)
    sent_at = models.DateTimeField(null=True)
    seq = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    revision = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.scores.get('1', '')}:{self.scores.get('2', '')}"


class Period(models.Model):
    """A period's own score. Finished but not confirmed: LSports could not validate it (docs/protocol.md, Livescore)."""

    pk = models.CompositePrimaryKey("fixture_id", "type")
    fixture = models.ForeignKey(Fixture, models.CASCADE, related_name="periods", db_constraint=False, db_index=False)
    type = models.BigIntegerField()
    is_finished = models.BooleanField(default=False)
    is_confirmed = models.BooleanField(default=False)
    sequence = models.BigIntegerField(null=True)
    scores = models.JSONField(default=dict)
    sub_periods = models.JSONField(default=list)
    revision = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["type"]


class Incident(models.Model):
    """A goal, a card ... in the place where the message had it: the n-th of a period or of a statistic.

    From Hyper Livescore, `parent` is "hyper", `parent_type` the period (0: none) and `ordinal` the incident's id, or a
    negative number where only the newest is kept (timer, possession); `name`, `kind`, `state`, `confidence` and
    `sent_at` are set there only. `is_cancelled`: LSports took it back, and `correction` are the scores that it sent
    then; `is_retraction`: the row is a taking back of something else, or of what never came.
    """

    class Parent(models.TextChoices):
        PERIOD = "period"
        STATISTIC = "statistic"
        HYPER = "hyper"

    pk = models.CompositePrimaryKey("fixture_id", "parent", "parent_type", "ordinal")
    fixture = models.ForeignKey(Fixture, models.CASCADE, related_name="incidents", db_constraint=False, db_index=False)
    parent = models.CharField(max_length=10, choices=Parent)
    parent_type = models.BigIntegerField()
    ordinal = models.BigIntegerField()
    period = models.BigIntegerField(null=True)
    type = models.BigIntegerField(null=True)
    seconds = models.BigIntegerField(null=True)
    position = models.BigIntegerField(null=True)
    player_id = models.TextField(blank=True, default="", db_default="")
    player_name = models.TextField(blank=True)
    scores = models.JSONField(default=dict)
    players = models.JSONField(default=list)
    name = models.TextField(blank=True)
    kind = models.TextField(blank=True)
    state = models.TextField(blank=True)
    confidence = models.FloatField(null=True)
    is_cancelled = models.BooleanField(default=False)
    is_retraction = models.BooleanField(default=False)
    correction = models.JSONField(null=True)
    sent_at = models.DateTimeField(null=True)
    revision = models.BigIntegerField(default=0)


class Statistic(models.Model):
    """A count of the whole match, for each position: corners, cards, possession ..."""

    pk = models.CompositePrimaryKey("fixture_id", "type")
    fixture = models.ForeignKey(Fixture, models.CASCADE, related_name="statistics", db_constraint=False, db_index=False)
    type = models.BigIntegerField()
    values = models.JSONField(default=dict)
    revision = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["type"]


class PlayerStatistic(models.Model):
    """A player's counts in a match: `values` maps a statistic's id to {"name", "value"}."""

    pk = models.CompositePrimaryKey("fixture_id", "player_id")
    fixture = models.ForeignKey(
        Fixture, models.CASCADE, related_name="player_statistics", db_constraint=False, db_index=False
    )
    player_id = models.TextField()
    player_name = models.TextField(blank=True)
    team_id = models.BigIntegerField(null=True)
    has_played = models.BooleanField(null=True)
    values = models.JSONField(default=dict)
    revision = models.BigIntegerField(default=0)
