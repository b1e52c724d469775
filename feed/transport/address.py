"""A broker's address as one line."""

from urllib.parse import quote


def amqp_url(*, host: str, port: int, tls: bool, virtual_host: str, user_name: str, password: str) -> str:
    """What `RabbitMQ` takes; every part may hold any character."""
    user, secret, vhost = (quote(part, safe="") for part in (user_name, password, virtual_host))
    return f"{'amqps' if tls else 'amqp'}://{user}:{secret}@{host}:{port}/{vhost}"
