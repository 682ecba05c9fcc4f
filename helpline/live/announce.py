"""Ring a doorbell from anywhere: a view, a sweep, a worker without sockets."""

from functools import cache

import redis
from django.conf import settings
from redis.exceptions import RedisError

from helpline.live.hub import PREFIX, Hub, Knock
from helpline.logs import get_logger

log = get_logger(__name__)


def ring(channel: str, kind: str, number: int = 0) -> None:
    """Ring once; a bell that does not sound loses nothing, readers also ask by themselves."""
    knock = Knock(channel, kind, number)
    hubs = Hub.all()
    for hub in hubs:
        hub.post(knock)
    if not hubs:
        _publish(knock)


def _publish(knock: Knock) -> None:
    try:
        _redis().publish(PREFIX + knock.channel, knock.packed())
    except (RedisError, OSError):
        log.warning("redis_lost", code="publish")


@cache
def _redis() -> "redis.Redis":
    return redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
