"""Fixtures and what they belong to: sport, location, league, competition; and who takes part."""

from django.db import models

from feed.codes import IN_PLAY, UPCOMING


class Sport(models.Model):
    """A sport under LSports' id."""

    id = models.BigIntegerField(primary_key=True)
    name = models.TextField()

    def __str__(self) -> str:
        return self.name


class Location(models.Model):
    """A country or region under LSports' id."""

    id = models.BigIntegerField(primary_key=True)
    name = models.TextField()

    def __str__(self) -> str:
        return self.name


class League(models.Model):
    """A league under LSports' id; `details` holds tour, age category, gender, type, periods, sport category."""

    id = models.BigIntegerField(primary_key=True)
    name = models.TextField()
    details = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class Competition(models.Model):
    """A node of the outrights' tree (track, league, season). Its place may change from message to message.

    `path` is the ids from the root down to this node, joined by "/": "67/2029". `sent_at`: when LSports last named it.
    """

    path = models.TextField(unique=True)
    competition_id = models.BigIntegerField()
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    name = models.TextField()
    type = models.BigIntegerField(null=True)
    next_fixture_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class FixtureQuerySet(models.QuerySet["Fixture"]):
    """Questions about fixtures that read as English."""

    def matches(self) -> "FixtureQuerySet":
        return self.filter(kind=Fixture.Kind.MATCH)

    def in_play(self) -> "FixtureQuerySet":
        return self.filter(status__in=IN_PLAY)

    def upcoming(self) -> "FixtureQuerySet":
        return self.filter(status__in=UPCOMING)

    def finished(self) -> "FixtureQuerySet":
        return self.exclude(status__in=IN_PLAY).exclude(status__in=UPCOMING)


class Fixture(models.Model):
    """A contest under LSports' FixtureId, at a revision that grows by one with each batch that changes it.

    The revisions of its aspects say when each last changed, removals included, so a page reads only what is newer.
    `sent_at`, `received_at` and `stored_at` are of the newest message that changed it. The newest statement counts:
    `described_at` is when LSports sent the newest description (message types 1, 37, 38), `status_at` when it last
    stated the status, there or in a scoreboard, `placed_at` when it last named the competition. Until the first
    description, `last_update` is None. `status_from` says which of the two stated the status. `unreadable`: its
    newest statement could not be read, so that no price of the fixture may look open until there is one that can.
    `non_runners` are the participants that do not take part, a line for each, of its id and its name.
    `charge` is the side (in-play or pre-match) whose word on its prices counts; empty as long as only sources without a
    side have spoken. `has_two_sides`: both have, and what one of them says may wait (`WaitingMarket`).
    """

    class Kind(models.TextChoices):
        MATCH = "match", "match"
        OUTRIGHT = "outright", "outright"
        OUTRIGHT_LEAGUE = "outright_league", "outright league"

    class StatusFrom(models.TextChoices):
        DESCRIPTION = "description", "fixture message"
        SCOREBOARD = "scoreboard", "scoreboard"

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.MATCH)
    name = models.TextField(blank=True)
    sport = models.ForeignKey(Sport, models.PROTECT, null=True, db_constraint=False, db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, null=True, db_constraint=False, db_index=False)
    league = models.ForeignKey(League, models.PROTECT, null=True, db_constraint=False, db_index=False)
    competition = models.ForeignKey(Competition, models.PROTECT, null=True, db_constraint=False)
    start_at = models.DateTimeField(null=True)
    end_at = models.DateTimeField(null=True)
    status = models.BigIntegerField(default=0)
    status_at = models.DateTimeField(null=True)
    status_from = models.CharField(max_length=12, choices=StatusFrom, blank=True, default="", db_default="")
    unreadable = models.BooleanField(default=False, db_default=False)
    charge = models.CharField(max_length=10, blank=True, default="", db_default="")
    has_two_sides = models.BooleanField(default=False, db_default=False)
    non_runners = models.TextField(blank=True, default="", db_default="")
    external_fixture_id = models.TextField(blank=True)
    external_provider_id = models.TextField(blank=True)
    extra_data = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    last_update = models.DateTimeField(null=True)
    described_at = models.DateTimeField(null=True)
    placed_at = models.DateTimeField(null=True)

    source = models.ForeignKey("feed.FeedSource", models.PROTECT, null=True, db_constraint=False, db_index=False)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    stored_at = models.DateTimeField(null=True)

    revision = models.BigIntegerField(default=0)
    fixture_revision = models.BigIntegerField(default=0)
    scoreboard_revision = models.BigIntegerField(default=0)
    periods_revision = models.BigIntegerField(default=0)
    incidents_revision = models.BigIntegerField(default=0)
    statistics_revision = models.BigIntegerField(default=0)
    markets_revision = models.BigIntegerField(default=0)

    objects = FixtureQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "start_at"], name="fixture_by_status"),
            models.Index(fields=["start_at"], name="fixture_by_start"),
            models.Index(fields=["charge"], name="fixture_of_two_sides", condition=models.Q(has_two_sides=True)),
        ]

    def __str__(self) -> str:
        return self.name or f"Fixture {self.pk}"


class Participant(models.Model):
    """Who takes part in a fixture: 1 home and 2 away in a match, the runner's number in an outright.

    LSports puts one id on both sides while neither is known ("TBD"), so the position belongs to the key: `slot` is the
    position, or 0 where none is stated. `result` is where a runner came in; `details` holds form, formation, shirt
    colour and line-up.
    """

    pk = models.CompositePrimaryKey("fixture_id", "slot", "participant_id")
    fixture = models.ForeignKey(
        Fixture, models.CASCADE, related_name="participants", db_constraint=False, db_index=False
    )
    slot = models.BigIntegerField(default=0, db_default=0)
    participant_id = models.BigIntegerField()
    name = models.TextField()
    position = models.BigIntegerField(null=True)
    rotation_id = models.BigIntegerField(null=True)
    is_active = models.BooleanField(default=True)
    result = models.TextField(blank=True)
    extra_data = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    revision = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["position", "participant_id"]

    def __str__(self) -> str:
        return self.name
