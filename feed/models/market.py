"""Markets and bets. LSports sends only what changed: a bet that is absent from a message is as it was."""

from django.db import models

from .fixture import Fixture

#: The provider of bets that LSports calculated itself (a market's own `Bets`, not those of a bookmaker).
CALCULATED = 0


class Provider(models.Model):
    """A bookmaker under LSports' id; 0 is LSports' own calculated price."""

    id = models.BigIntegerField(primary_key=True)
    name = models.TextField()

    def __str__(self) -> str:
        return self.name


class Market(models.Model):
    """A market of a fixture; `revision` is that of the newest change of it or of any of its bets.

    `sent_at`: when LSports last stated the main line or the status. `unreadable`: its newest statement of its status
    could not be read, so that nothing of it may look open until the status is stated again. `status_revision` is the
    revision of the newest change that opens or closes all of its bets, or all of a bookmaker's. `side` is that of the
    source whose words these are.

    LSports numbers the messages of a market, settlements apart: `seq` and `settled_seq` are the highest numbers so far,
    which `numbered_by` (a source) sent in its epoch `numbered_epoch`, the last of them at `numbered_at`. `missing` are
    the numbers that were skipped, as ranges: "7-7 9-12", of settlements "s3-3". A skip is noticed at `skipped_at`; once
    its patience is over the market has a gap, since `gap_since`, until the missing messages, a snapshot of it or a
    message that names all of its bets has come.

    `keyframe_revision` and `keyframe_at` are of the journal's newest entry with the whole of the market, `entries`
    counts those after it.

    `prediction` is what LSports sends about a prediction market, by provider, as JSON; empty for any other:
    {"0": {"volume": "1200.5", "sent_at": ISO UTC}}, where 0 is the market's own.
    """

    pk = models.CompositePrimaryKey("fixture_id", "market_id")
    fixture = models.ForeignKey(Fixture, models.CASCADE, related_name="markets", db_constraint=False, db_index=False)
    market_id = models.BigIntegerField()
    name = models.TextField()
    main_line = models.TextField(blank=True)
    status = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    unreadable = models.BooleanField(default=False, db_default=False)
    status_revision = models.BigIntegerField(default=0, db_default=0)
    side = models.CharField(max_length=10, blank=True, default="", db_default="")
    seq = models.BigIntegerField(null=True)
    settled_seq = models.BigIntegerField(null=True)
    numbered_at = models.DateTimeField(null=True)
    numbered_by = models.BigIntegerField(null=True)
    numbered_epoch = models.BigIntegerField(default=0, db_default=0)
    missing = models.TextField(blank=True, default="", db_default="")
    skipped_at = models.DateTimeField(null=True)
    gap_since = models.DateTimeField(null=True)
    keyframe_revision = models.BigIntegerField(default=0, db_default=0)
    keyframe_at = models.DateTimeField(null=True)
    entries = models.BigIntegerField(default=0, db_default=0)
    prediction = models.TextField(blank=True, default="", db_default="")
    revision = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["market_id"]
        indexes = [
            models.Index(fields=["skipped_at"], name="market_with_skip", condition=models.Q(skipped_at__isnull=False))
        ]

    def __str__(self) -> str:
        return self.name


class ProviderMarket(models.Model):
    """What LSports states of a market as a whole at one bookmaker. `unreadable` and `side` as in a market."""

    pk = models.CompositePrimaryKey("fixture_id", "market_id", "provider_id")
    fixture = models.ForeignKey(
        Fixture, models.CASCADE, related_name="provider_markets", db_constraint=False, db_index=False
    )
    market_id = models.BigIntegerField()
    provider = models.ForeignKey(Provider, models.PROTECT, db_constraint=False, db_index=False)
    status = models.BigIntegerField(null=True)
    provider_fixture_id = models.TextField(blank=True)
    provider_league_id = models.TextField(blank=True)
    provider_market_id = models.TextField(blank=True)
    last_update = models.DateTimeField(null=True)
    unreadable = models.BooleanField(default=False, db_default=False)
    side = models.CharField(max_length=10, blank=True, default="", db_default="")
    revision = models.BigIntegerField(default=0)


class WaitingMarket(models.Model):
    """What one side says of a market while the other is in charge of the fixture's prices (docs/decisions.md).

    It has only what the side in charge speaks of as well; the rest stands in `Market`, `ProviderMarket` and `Bet`, and
    is closed. `rows` are the store's row structs as JSON, {"market": row or null, "providers": [row], "bets": [row]},
    which take the place of those in charge when the side comes into charge.
    """

    pk = models.CompositePrimaryKey("fixture_id", "side", "market_id")
    fixture = models.ForeignKey(
        Fixture, models.CASCADE, related_name="waiting_markets", db_constraint=False, db_index=False
    )
    side = models.CharField(max_length=10)
    market_id = models.BigIntegerField()
    rows = models.JSONField(default=dict)


class Bet(models.Model):
    """One outcome (and line) of a market at one provider, and its price. Prices are decimal odds.

    LSports promises unique bet ids only within a market of a fixture, so the four ids together identify a bet.
    `previous_price` is the price before the last move, `moves` counts the moves. `source` vouches for the bet.
    `unreadable`: the newest statement of it could not be read, so it must not look open until there is one that can.
    `epoch` is the source's when it last spoke of the bet: where that is not its present one, the bet is unconfirmed.
    `extra` is what LSports sends besides the price (`feed.wire.fields.bet_extra`), as JSON; empty for nothing:
    {"prices": {"american": "-120"}, "prediction": {"volume": "10", "start_at": ISO UTC}}.
    """

    pk = models.CompositePrimaryKey("fixture_id", "market_id", "provider_id", "bet_id")
    fixture = models.ForeignKey(Fixture, models.CASCADE, related_name="bets", db_constraint=False, db_index=False)
    market_id = models.BigIntegerField()
    provider = models.ForeignKey(Provider, models.PROTECT, db_constraint=False, db_index=False)
    bet_id = models.BigIntegerField()
    name = models.TextField()
    line = models.TextField(blank=True)
    base_line = models.TextField(blank=True)
    status = models.BigIntegerField(default=0)
    start_price = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    price = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    previous_price = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    lay_price = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    price_volume = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    lay_price_volume = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    settlement = models.BigIntegerField(null=True)
    suspension_reason = models.BigIntegerField(null=True)
    probability = models.FloatField(null=True)
    calculated_margin = models.FloatField(null=True)
    provider_bet_id = models.TextField(blank=True)
    participant_id = models.BigIntegerField(null=True)
    player_id = models.TextField(blank=True, default="", db_default="")
    player_name = models.TextField(blank=True)
    order = models.BigIntegerField(null=True)
    last_update = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    moves = models.BigIntegerField(default=0)
    unreadable = models.BooleanField(default=False, db_default=False)
    source = models.ForeignKey("feed.FeedSource", models.PROTECT, null=True, db_constraint=False, db_index=False)
    epoch = models.BigIntegerField(default=0, db_default=0)
    extra = models.TextField(blank=True, default="", db_default="")
    received_at = models.DateTimeField()
    revision = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.line}".strip()
