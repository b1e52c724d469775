"""The channel layer: Redis where web and consumer are several processes, else this process's own memory."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from redis.connection import parse_url

#: A Redis that does not answer in time counts as away.
REDIS_TIMEOUTS = {
    "socket_connect_timeout": 5,
    "socket_timeout": 5,
    "health_check_interval": 10,
    "socket_keepalive": True,
}


def channel_layers(redis_url: str, prefix: str) -> dict[str, Any]:
    """Django's setting CHANNEL_LAYERS; an empty address stands for no Redis.

    Raises `ImproperlyConfigured` for an address that is none, without quoting it: it may hold a password.
    """
    if not redis_url:
        return {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    try:
        parse_url(redis_url)
    except ValueError:
        raise ImproperlyConfigured(
            "REDIS_URL must look like redis://:password@host:6379/0; "
            "a password's / ? # and @ are written %2F %3F %23 %40"
        ) from None
    config = {"hosts": [{"address": redis_url, **REDIS_TIMEOUTS}], "prefix": prefix}
    return {"default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": config}}
