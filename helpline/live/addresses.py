"""Where the doorbells are, pure: an address as text becomes an Address, or a clear refusal.

`redis://:password@host:6379/0`, `rediss://` with TLS, `unix://:password@/path/to.sock`,
and `redis+sentinel://:password@one:26379,two:26379/master` (`rediss+sentinel://`),
where Sentinels know the master; `?sentinel_password=` is their own. The options for
TLS are redis-py's. The number of a database is let be: subscriptions know none.

A refusal never repeats the address, for there may be a password in it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from redis import RedisError
from redis.asyncio import SSLConnection
from redis.connection import parse_url

SENTINELS = "+sentinel"
REDIS_PORT, SENTINEL_PORT = 6379, 26379

Place = tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Address:
    """One Redis, or the Sentinels that know it, and how to get in."""

    places: tuple[Place, ...] = ()  # the Redis, or its Sentinels; none for a unix socket
    path: str = ""  # of the unix socket
    master: str = ""  # what Sentinels call it; empty without Sentinels
    tls: Mapping[str, Any] | None = field(default=None, repr=False)  # options; None: no TLS
    username: str = "default"
    password: str = field(default="", repr=False)
    sentinel_password: str = field(default="", repr=False)


def check(servers: str) -> None:
    """Refuse `servers`, addresses with spaces between them, when one is none: ValueError says why.

    Not commas: those separate the Sentinels of one server.
    """
    if not servers.split():
        raise ValueError("er staat geen adres")
    for address in servers.split():
        read(address)


def read(text: str) -> Address:
    """The address in `text`. Raises ValueError, with a sentence that says why."""
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError("een adres is niet te lezen") from None
    if parts.fragment:
        raise ValueError("een # in een wachtwoord schrijf je als %23")
    scheme = parts.scheme.removesuffix(SENTINELS)
    has_sentinels = scheme != parts.scheme
    if scheme not in ("redis", "rediss", "unix") or (has_sentinels and scheme == "unix"):
        raise ValueError("een adres begint met redis://, rediss://, unix:// of redis+sentinel://")
    options = _options(parts, scheme)
    return Address(
        **_where(parts, options, has_sentinels=has_sentinels),
        tls=_tls(options) if scheme == "rediss" else None,
        username=options.get("username", "default"),
        password=options.get("password", ""),
        sentinel_password=options.get("sentinel_password", ""),
    )


def _options(parts: SplitResult, scheme: str) -> dict[str, Any]:
    """What redis-py reads from an address, apart from the hosts: those we read ourselves."""
    login, at, _ = parts.netloc.rpartition("@")
    host = "" if scheme == "unix" else "host"
    try:
        found: dict[str, Any] = parse_url(  # type: ignore[no-untyped-call]
            f"{scheme}://{login}{at}{host}{parts.path}?{parts.query}"
        )
    except ValueError:
        raise ValueError("een optie achter het vraagteken klopt niet") from None
    return found


def _where(
    parts: SplitResult, options: Mapping[str, Any], *, has_sentinels: bool
) -> dict[str, Any]:
    if parts.scheme == "unix":
        if not options.get("path"):
            raise ValueError("achter unix:// ontbreekt het pad van de socket")
        return {"path": options["path"]}
    hosts = parts.netloc.rpartition("@")[2].split(",")
    if not has_sentinels:
        if len(hosts) > 1:
            raise ValueError("tussen twee servers staat een spatie, geen komma")
        if not re.fullmatch(r"(/[0-9]*)?", parts.path):
            raise ValueError("achter de host kan alleen het getal van een database staan")
        return {"places": (_place(hosts[0], REDIS_PORT),)}
    master = parts.path.strip("/").partition("/")[0]
    if not master:
        raise ValueError("achter de Sentinels ontbreekt de naam van de master, als in /mymaster")
    return {"places": tuple(_place(one, SENTINEL_PORT) for one in hosts), "master": master}


def _place(text: str, usual_port: int) -> Place:
    try:
        found = urlsplit(f"//{text}")
        host, port = found.hostname, found.port
    except ValueError:
        raise ValueError("een poort is geen getal van 0 tot 65535") from None
    if not host:
        raise ValueError("de naam van een host ontbreekt")
    return host, usual_port if port is None else port


def _tls(options: Mapping[str, Any]) -> dict[str, Any]:
    chosen = {name: value for name, value in options.items() if name.startswith("ssl_")}
    try:
        SSLConnection(**chosen)  # only made; it refuses what it does not know
    except (TypeError, RedisError):
        raise ValueError("een ssl-optie achter het vraagteken klopt niet") from None
    return chosen
