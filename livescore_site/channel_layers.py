"""The channel layer: Redis where web and consumer are several processes, else this process's own memory."""

from typing import Any

#: A Redis that does not answer in time counts as away.
REDIS_TIMEOUTS = {
    "socket_connect_timeout": 5,
    "socket_timeout": 5,
    "health_check_interval": 10,
    "socket_keepalive": True,
}


def channel_layers(redis_url: str, prefix: str) -> dict[str, Any]:
    """Django's setting CHANNEL_LAYERS; an empty address stands for no Redis."""
    if not redis_url:
        return {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    config = {"hosts": [{"address": redis_url, **REDIS_TIMEOUTS}], "prefix": prefix}
    return {"default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": config}}
