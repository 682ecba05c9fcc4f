"""The hub: one for each process, one Redis subscription for everybody in it.

A knock goes to Redis and, at once, to the ears in this process, so a dead
Redis slows the others down but loses nothing: whoever hears no knock still
asks every ten seconds. After every reconnect to Redis all ears here hear
MISSED, because what was rung meanwhile is gone.
"""

import asyncio
import re
from collections import defaultdict
from typing import Any, ClassVar, NamedTuple
from weakref import WeakKeyDictionary

import redis.asyncio as redis
from django.conf import settings
from redis.exceptions import RedisError

from helpline.logs import get_logger

PREFIX = "ring:"
MISSED = "missed"
PACKED = re.compile(r"([a-z]{1,12}):([0-9]{1,10})")
PAUSES = (0.1, 0.5, 1, 2, 5)  # seconds between attempts to reach Redis
PING_AFTER = 5  # seconds of silence before we ask whether Redis is still there
LOST = (RedisError, OSError, asyncio.TimeoutError)

log = get_logger(__name__)


def is_ending() -> bool:
    """Whether this task was told to stop: a lost Redis may have swallowed the telling."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


class Knock(NamedTuple):
    """There is something to fetch: where, of what kind, up to which number."""

    channel: str
    kind: str
    number: int = 0

    def packed(self) -> str:
        return f"{self.kind}:{self.number}"

    @classmethod
    def unpacked(cls, channel: str, data: str) -> "Knock | None":
        """The knock in `data`, or None when it is not one of ours."""
        found = PACKED.fullmatch(data)
        return cls(channel, found[1], int(found[2])) if found else None


class Ear:
    """What one socket still has to fetch: the latest knock of each kind, no more.

    However slow the socket, this never grows beyond channels times kinds.
    """

    def __init__(self) -> None:
        self._pending: dict[tuple[str, str], Knock] = {}
        self._heard = asyncio.Event()

    def ring(self, knock: Knock) -> None:
        waiting = self._pending.get(knock[:2])
        self._pending[knock[:2]] = max(knock, waiting) if waiting else knock
        self._heard.set()

    async def next(self) -> list[Knock]:
        """Wait for knocks and take them all."""
        await self._heard.wait()
        self._heard.clear()
        taken, self._pending = list(self._pending.values()), {}
        return taken


class Hub:
    """Who listens to what here, and the two tasks that talk with Redis."""

    _hubs: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, "Hub"]] = WeakKeyDictionary()

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.ears: dict[str, set[Ear]] = defaultdict(set)
        self._redis: Any = redis.from_url(
            settings.REDIS_URL,
            decode_responses=True,
            encoding_errors="replace",
            socket_timeout=PING_AFTER * 2,
        )
        self._pubsub: Any = None
        self._outgoing: list[Knock] = []
        self._posted = asyncio.Event()
        self._tasks = [self.loop.create_task(self._listen()), self.loop.create_task(self._send())]

    @classmethod
    def here(cls) -> "Hub":
        """The hub of the running loop, made when first needed."""
        loop = asyncio.get_running_loop()
        hub = cls._hubs.get(loop)
        if hub is None:
            hub = cls._hubs[loop] = cls()
        return hub

    @classmethod
    def all(cls) -> "list[Hub]":
        """The hubs whose loops run in this process."""
        return [hub for loop, hub in list(cls._hubs.items()) if loop.is_running()]

    async def join(self, channel: str, ear: Ear) -> None:
        """From now on `ear` hears what is rung at `channel`."""
        first = not self.ears[channel]
        self.ears[channel].add(ear)
        if first:
            await self._tell_redis("subscribe", channel)

    async def leave(self, channel: str, ear: Ear) -> None:
        """`ear` hears nothing more of `channel`."""
        self.ears[channel].discard(ear)
        if not self.ears[channel]:
            del self.ears[channel]
            await self._tell_redis("unsubscribe", channel)

    def post(self, knock: Knock) -> None:
        """Ring here at once and everywhere through Redis. Safe from any thread."""
        self.loop.call_soon_threadsafe(self._post, knock)

    async def close(self) -> None:
        """Stop both tasks and forget Redis."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._hubs.pop(self.loop, None)
        await self._redis.aclose()

    def _post(self, knock: Knock) -> None:
        self._ring(knock)
        self._outgoing.append(knock)
        self._posted.set()

    def _ring(self, knock: Knock) -> None:
        for ear in tuple(self.ears.get(knock.channel, ())):
            ear.ring(knock)

    def _ring_missed(self) -> None:
        for channel in tuple(self.ears):
            self._ring(Knock(channel, MISSED))

    async def _tell_redis(self, verb: str, channel: str) -> None:
        if self._pubsub is None:
            return  # the next connection subscribes to everything there is
        try:
            await getattr(self._pubsub, verb)(PREFIX + channel)
        except LOST:
            log.warning("redis_lost", code=verb)

    async def _send(self) -> None:
        while not is_ending():
            await self._posted.wait()
            self._posted.clear()
            batch, self._outgoing = self._outgoing, []
            pipeline = self._redis.pipeline(transaction=False)
            for knock in batch:
                pipeline.publish(PREFIX + knock.channel, knock.packed())
            try:
                await pipeline.execute()
            except LOST:
                log.warning("redis_lost", code="publish", count=len(batch))

    async def _listen(self) -> None:
        failures = 0
        while not is_ending():
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(PREFIX, *(PREFIX + channel for channel in self.ears))
                    self._pubsub, failures = pubsub, 0
                    self._ring_missed()
                    await self._hear(pubsub)
            except LOST:
                log.warning("redis_lost", code="subscribe")
            except Exception:  # whatever somebody rang: this process must go on hearing
                log.exception("hub_broken")
            finally:
                self._pubsub = None
            await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1

    async def _hear(self, pubsub: Any) -> None:
        """Pass knocks on until Redis is lost; a silent Redis is asked for a sign."""
        silent = 0
        while silent < 2 and not is_ending():
            message = await pubsub.get_message(timeout=PING_AFTER)
            if message is None:
                silent += 1
                await pubsub.ping()
                continue
            silent = 0
            if message["type"] == "message":
                channel = message["channel"].removeprefix(PREFIX)
                if knock := Knock.unpacked(channel, message["data"]):
                    self._ring(knock)
