"""Ring a doorbell from anywhere: a view, a sweep, a worker without sockets."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from secrets import token_hex
from typing import Any, cast

import redis
from django.conf import settings
from redis.exceptions import RedisError
from redis.sentinel import Sentinel

from helpline.live import addresses
from helpline.live.addresses import Address
from helpline.live.hub import PREFIX, Hub, Knock, server_of
from helpline.logs import get_logger

UNTYPED: Any = Sentinel
ORIGIN = token_hex(4).encode()

log = get_logger(__name__)
_thread = threading.local()


def ring(channel: str, kind: str, number: int = 0, copy: bytes = b"") -> None:
    """Ring once; a bell that does not sound loses nothing, readers also ask by themselves."""
    knock = Knock(channel, kind, number, copy)
    gathered: list[Knock] | None = getattr(_thread, "gathered", None)
    if gathered is not None:
        gathered.append(knock)
        return
    hubs = Hub.all()
    for hub in hubs:
        hub.post(knock)
    if not hubs:
        _publish(knock)


@contextmanager
def gathering() -> Iterator[list[Knock]]:
    """What this thread rings inside is gathered, for whoever asked to ring it all at once."""
    knocks: list[Knock] = []
    _thread.gathered = knocks
    try:
        yield knocks
    finally:
        _thread.gathered = None


def _publish(knock: Knock) -> None:
    servers = _servers()
    try:
        server = servers[server_of(knock.channel, len(servers))]
        server.publish(PREFIX + knock.channel, knock.packed(ORIGIN))
    except (RedisError, OSError):
        log.warning("redis_lost", code="publish")


@cache
def _servers() -> "tuple[redis.Redis, ...]":
    return tuple(_client(addresses.read(address)) for address in settings.BELL_URLS.split())


def _client(address: Address) -> "redis.Redis":
    """A connection for now and then: made when needed, given up after two seconds."""
    options: dict[str, Any] = {"socket_timeout": 2, "socket_connect_timeout": 2}
    options |= {"username": address.username, "password": address.password or None}
    if address.tls is not None:
        options |= {"ssl": True, **address.tls}
    if address.master:
        own = options | {"username": None, "password": address.sentinel_password or None}
        sentinels = UNTYPED(address.places, sentinel_kwargs=own)
        return cast("redis.Redis", sentinels.master_for(address.master, **options))
    if address.path:
        return redis.Redis(unix_socket_path=address.path, **options)
    host, port = address.places[0]
    return redis.Redis(host=host, port=port, **options)
