"""What was: every distinct price of a bet and every distinct scoreboard, in the order they came."""

from django.db import models


class PriceTick(models.Model):
    """A price or status that a bet had from `at` on (LSports' LastUpdate, or our time of receipt without one)."""

    id = models.BigAutoField(primary_key=True)
    fixture_id = models.BigIntegerField()
    market_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    bet_id = models.BigIntegerField()
    at = models.DateTimeField()
    price = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    status = models.BigIntegerField()
    settlement = models.BigIntegerField(null=True)
    suspension_reason = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    revision = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["fixture_id", "market_id", "bet_id"], name="price_tick_of_bet")]


class ScoreTick(models.Model):
    """A scoreboard that a fixture had from `at` on (LSports' ServerTimestamp)."""

    id = models.BigAutoField(primary_key=True)
    fixture_id = models.BigIntegerField()
    at = models.DateTimeField()
    status = models.BigIntegerField()
    description = models.BigIntegerField(null=True)
    current_period = models.BigIntegerField(null=True)
    time = models.BigIntegerField(null=True)
    scores = models.JSONField()
    received_at = models.DateTimeField()
    revision = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["fixture_id"], name="score_tick_of_fixture")]
