"""What traders set up for themselves: preferences, favourites, views, alert rules; and what they note on a fixture."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from .fixture import Fixture


class Desk(models.Model):
    """One trader's own set-up, in one row, since every page needs all of it.

    `favourites` are fixture ids, newest last; `pinned_markets` market ids; `views` saved boards as {"name", "words"},
    the words being a board's address; `hidden_columns` names of board columns; `bookmakers` is {"first": [ids in the
    order of their columns], "hidden": [ids], "staying": the id whose column stays in view or None}; `dismissed` keys of
    concerns (`feed.attention`), newest last; `sports` is {"first": [ids in the order of boards], "hidden": [ids],
    "folded": [ids], "markets": {sport's id: [market ids of the three places of prices, 0 for the usual one]}}.
    """

    class Odds(models.TextChoices):
        DECIMAL = "decimal", gettext_lazy("Decimal (2.50)")
        FRACTIONAL = "fractional", gettext_lazy("Fractional (3/2)")
        AMERICAN = "american", gettext_lazy("American (+150)")
        HONG_KONG = "hong_kong", gettext_lazy("Hong Kong (1.50)")
        MALAY = "malay", gettext_lazy("Malay (-0.67)")
        INDONESIAN = "indonesian", gettext_lazy("Indonesian (1.50)")

    class Theme(models.TextChoices):
        AUTO = "auto", gettext_lazy("Match the system")
        DARK = "dark", gettext_lazy("Dark")
        LIGHT = "light", gettext_lazy("Light")
        CONTRAST = "contrast", gettext_lazy("High contrast")

    class Colours(models.TextChoices):
        SAFE = "safe", gettext_lazy("Blue longer, orange shorter (colour-blind safe)")
        CLASSIC = "classic", gettext_lazy("Green longer, red shorter")
        SWAPPED = "swapped", gettext_lazy("Orange longer, blue shorter")

    class Motion(models.TextChoices):
        AUTO = "auto", gettext_lazy("Match the system")
        REDUCED = "reduced", gettext_lazy("No flashes, no movement")

    class Density(models.TextChoices):
        DENSE = "dense", gettext_lazy("Dense, one line for each fixture")
        COMPACT = "compact", gettext_lazy("Compact")
        NORMAL = "normal", gettext_lazy("Normal")
        ROOMY = "roomy", gettext_lazy("Roomy")

    class Order(models.TextChoices):
        LEAGUE = "league", gettext_lazy("By league")
        START = "start", gettext_lazy("By start")
        CHANGE = "change", gettext_lazy("By last change, put in order when you ask")

    class Spoken(models.TextChoices):
        OFF = "off", gettext_lazy("Nothing")
        SCORES = "scores", gettext_lazy("Goals, cards and ends of periods")
        ALL = "all", gettext_lazy("Goals, cards, ends of periods and suspended markets")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="desk")
    odds = models.CharField(max_length=12, choices=Odds, default=Odds.DECIMAL)
    zone = models.CharField(max_length=60, blank=True)
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.AUTO)
    colours = models.CharField(max_length=10, choices=Colours, default=Colours.SAFE)
    motion = models.CharField(max_length=10, choices=Motion, default=Motion.AUTO)
    density = models.CharField(max_length=10, choices=Density, default=Density.NORMAL)
    spoken = models.CharField(max_length=10, choices=Spoken, default=Spoken.SCORES)
    has_shortcuts = models.BooleanField(default=True)
    has_sound = models.BooleanField(default=False)
    has_notifications = models.BooleanField(default=False)
    hidden_columns = models.JSONField(default=list)
    bookmakers = models.JSONField(default=dict)
    favourites = models.JSONField(default=list)
    pinned_markets = models.JSONField(default=list)
    folded_leagues = models.JSONField(default=list)
    views = models.JSONField(default=list)
    sports = models.JSONField(default=dict, db_default={})
    order = models.CharField(max_length=10, choices=Order, default=Order.LEAGUE, db_default=Order.LEAGUE)
    dismissed = models.JSONField(default=list, db_default=[])

    #: How many alerts were not seen yet, for whoever counts them (`feed.desk.own`).
    unseen: int

    def __str__(self) -> str:
        return f"Desk of {self.user}"


class FixtureNote(models.Model):
    """What a trader wrote on a fixture for all to read."""

    fixture = models.ForeignKey(Fixture, models.CASCADE, related_name="notes", db_constraint=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.CharField(max_length=500)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return self.text


class AlertRule(models.Model):
    """When a trader wants to be told. What each kind needs of the other fields, `feed.alerts` says.

    `fixture_id` None: all fixtures, or with `only_favourites` the trader's own. `market_id` None: every main market.
    `outcome` is an outcome's name as LSports writes it ("1", "Over"), `line` its line, "" for any. `provider_id` None:
    any bookmaker. `amount` is a price or a number of per cent, `seconds` how far back to look or how long a state must
    last, `bookmakers` how many must agree. After it has fired for something it stays silent about the same thing for
    `repeat_seconds`.
    """

    class Kind(models.TextChoices):
        PRICE_PASSES = "price_passes", gettext_lazy("A price passes a value")
        PRICE_MOVES = "price_moves", gettext_lazy("A price moves by more than a percentage within a time")
        BOOKMAKERS_MOVE = "bookmakers_move", gettext_lazy("Several bookmakers move the same price within a time")
        SUSPENDED = "suspended", gettext_lazy("A market stays suspended for a time")
        INCIDENT = "incident", gettext_lazy("A goal or a red card")
        COVERAGE_LOST = "coverage_lost", gettext_lazy("Coverage of a fixture is lost")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="alert_rules")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=Kind)
    fixture_id = models.BigIntegerField(null=True, blank=True)
    only_favourites = models.BooleanField(default=False)
    market_id = models.BigIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=100, blank=True)
    line = models.CharField(max_length=100, blank=True)
    provider_id = models.BigIntegerField(null=True, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    seconds = models.PositiveIntegerField(default=60)
    bookmakers = models.PositiveIntegerField(default=3)
    repeat_seconds = models.PositiveIntegerField(default=300)
    has_sound = models.BooleanField(default=False)
    is_on = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Alert(models.Model):
    """A rule fired: for `about` (the thing it must not repeat itself on), in words for the trader."""

    rule = models.ForeignKey(AlertRule, models.CASCADE, related_name="alerts")
    fixture_id = models.BigIntegerField()
    about = models.CharField(max_length=200)
    text = models.CharField(max_length=300)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["rule", "-at"], name="alert_of_rule")]

    def __str__(self) -> str:
        return self.text
