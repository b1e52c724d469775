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

    `sent_at`: when LSports last stated the main line or the status.
    """

    pk = models.CompositePrimaryKey("fixture_id", "market_id")
    fixture = models.ForeignKey(Fixture, models.CASCADE, related_name="markets", db_constraint=False, db_index=False)
    market_id = models.BigIntegerField()
    name = models.TextField()
    main_line = models.TextField(blank=True)
    status = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    revision = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["market_id"]

    def __str__(self) -> str:
        return self.name


class ProviderMarket(models.Model):
    """What a bookmaker says of a market as a whole."""

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
    revision = models.BigIntegerField(default=0)


class Bet(models.Model):
    """One outcome (and line) of a market at one provider, and its price. Prices are decimal odds.

    LSports promises unique bet ids only within a market of a fixture, so the four ids together identify a bet.
    `previous_price` is the price before the last move, `moves` counts the moves. `source` vouches for the bet.
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
    player_id = models.BigIntegerField(null=True)
    player_name = models.TextField(blank=True)
    order = models.BigIntegerField(null=True)
    last_update = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    moves = models.BigIntegerField(default=0)
    source = models.ForeignKey("feed.FeedSource", models.PROTECT, null=True, db_constraint=False, db_index=False)
    received_at = models.DateTimeField()
    revision = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.line}".strip()
