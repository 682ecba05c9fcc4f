"""A wire: one Redis server for this process, over one connection, as fast as Python can.

Redis is only a doorbell: what is rung is heard at most once, and nothing is stored.

This is part of the hot path. It is fast for three reasons. hiredis parses, and all
that one read brought is handed out in a plain loop: no task, queue or lock lies between
the socket and whoever hears. All that was asked within one tick of the loop leaves in
one write, new channels in one SUBSCRIBE. And nobody waits for the answer to a PUBLISH.
"""

import asyncio
import ssl
from collections.abc import Callable

from redis.asyncio import SSLConnection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from helpline.live import addresses
from helpline.live.addresses import Address, Place
from helpline.live.link import Heard, Link, Lost, code_of, pack, safely
from helpline.logs import get_logger

PAUSES = (0.1, 0.5, 1, 2, 5)  # seconds between attempts to reach Redis
LOG_AGAIN = 12  # a loss that lasts is told again after so many attempts: each minute
SILENCE = 5.0  # seconds without a sign of life before we ask for one; then as long again
LOST = (OSError, RedisError, Lost)  # a TimeoutError is an OSError

log = get_logger(__name__)


class Wire:
    """One Redis server: what is rung here goes out, what is rung there comes in.

    Made inside a running loop, in which everything happens. It begins to connect at
    once and connects again for ever; it never raises into whoever uses it.
    """

    def __init__(self, address: str, *, heard: Heard, back: Callable[["Wire"], None]) -> None:
        """`heard` gets each message; `back` is called after each connection.

        By then all channels are subscribed again, and what was rung meanwhile is gone.
        """
        self._address, self._heard, self._back = addresses.read(address), heard, back
        self._channels: dict[bytes, str] = {}
        self._link: Link | None = None  # to subscribe on
        self._up: Link | None = None  # the same, once all channels are subscribed
        self._failures = 0
        self._told = ""  # the last code in the log
        self._task = asyncio.get_running_loop().create_task(self._keep())

    @property
    def is_up(self) -> bool:
        """Whether Redis was there a moment ago and rings us for every channel."""
        return self._up is not None

    def publish(self, channel: str, data: bytes) -> None:
        """Ring. Never waits; nothing leaves when Redis is down or does not keep up."""
        if self._up is not None and not self._up.send(pack((b"PUBLISH", channel, data))):
            self._tell("full")

    async def subscribe(self, channel: str) -> None:
        """From now on hear `channel`: returns when Redis has confirmed it.

        Returns at once while Redis is down, and when it is lost meanwhile: `back` will tell.
        """
        name = channel.encode()
        self._channels[name] = channel
        if self._link is not None and not self._link.roll.has(name):
            self._link.roll.change(name)
            self._link.wake()
            await self._link.roll.whole()

    def unsubscribe(self, channel: str) -> None:
        """From now on hear nothing more of `channel`."""
        name = channel.encode()
        self._channels.pop(name, None)
        if self._link is not None:
            self._link.roll.change(name)
            self._link.wake()

    async def close(self) -> None:
        """Hang up for good.

        What was rung before still leaves: it is written one tick from now, and the
        cancelled task hangs up after that.
        """
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _keep(self) -> None:
        """Connect, stay, and when lost connect again, for ever."""
        while True:
            why = await self._connection()
            self._tell(why)
            await asyncio.sleep(PAUSES[min(self._failures, len(PAUSES) - 1)])
            self._failures += 1
            if self._failures % LOG_AGAIN == 0:
                self._told = ""

    def _tell(self, code: str) -> None:
        """Log a trouble, but not once for each message it costs."""
        if code != self._told:
            log.warning("redis_lost", code=code)
        self._told = code

    async def _connection(self) -> str:
        """One connection from beginning to end: why it ended."""
        link = Link(self._channels, heard=self._heard, refused=self._tell)
        try:
            async with asyncio.timeout(SILENCE):
                place = await _place(self._address)
            async with asyncio.timeout(SILENCE):
                await _open(link, self._address, place)
                self._link = link
                link.roll.change(*self._channels)
                link.wake()
                if refusal := await link.roll.whole():
                    return refusal
            self._up = link
            safely(self._back, self)
            return await self._stay(link)
        except LOST as error:
            return code_of(error)
        except Exception:  # whatever a strange server made of us: try again
            log.exception("hub_broken")
            return "broken"
        finally:
            self._link = self._up = None
            link.end("closed")

    async def _stay(self, link: Link) -> str:
        """Wait for the end, and ask a silent Redis for a sign of life: why it ended."""
        while not link.ended.done():
            now = link.loop.time()
            silent = now - link.heard_at
            if silent >= 2 * SILENCE or link.roll.is_overdue(now - 2 * SILENCE):
                return "silent"
            if silent >= SILENCE:
                link.send(pack((b"PING",)))
            await asyncio.wait({link.ended}, timeout=SILENCE - silent % SILENCE)
            if self._failures and not link.ended.done():
                self._failures, self._told = 0, ""  # it has lasted: the next loss is a new one
        return link.ended.result()


def wires(servers: str, *, heard: Heard, back: Callable[[Wire], None]) -> list[Wire]:
    """A wire for each of `servers`, addresses with spaces between them (see addresses.py)."""
    return [Wire(address, heard=heard, back=back) for address in servers.split()]


async def _place(address: Address) -> Place:
    """The Redis to connect to: that of the address, or whom its Sentinels call master now."""
    if not address.master:
        return address.places[0] if address.places else ("", 0)
    sentinels = Sentinel(  # type: ignore[no-untyped-call]
        address.places,
        sentinel_kwargs={
            "password": address.sentinel_password or None,
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
            "retry": Retry(NoBackoff(), 0),
            "ssl": address.tls is not None,
            **(address.tls or {}),
        },
    )
    try:
        host, port = await sentinels.discover_master(address.master)
        return host, port
    finally:
        await sentinels.aclose()


async def _open(link: Link, address: Address, place: Place) -> None:
    """Connect, say who we are, and make sure that it is a master when it should be."""
    if address.path:
        await link.loop.create_unix_connection(lambda: link, address.path)
    else:
        await link.loop.create_connection(lambda: link, *place, ssl=_tls(address))
    login = ("AUTH", address.username, address.password) if address.password else ()
    await link.ask("HELLO", "3", *login, "SETNAME", "helpline")
    if address.master and (await link.ask("ROLE"))[:1] != [b"master"]:
        raise Lost("not_master")  # Sentinels may not have noticed yet


def _tls(address: Address) -> ssl.SSLContext | None:
    """What redis-py would use, so that every part of the house accepts the same servers."""
    if address.tls is None:
        return None
    return SSLConnection(**address.tls).ssl_context.get()
