"""The hub: one for each process, who listens to what here, and the wires to Redis.

A knock goes to Redis and, at once, to the ears in this process, so a dead
Redis slows the others down but loses nothing: whoever hears no knock still
asks every ten seconds. After every reconnect to Redis all ears there hear
MISSED, because what was rung meanwhile is gone.

A knock says that there is something to fetch: where, of what kind, up to which
number. It may bring a sealed copy of the row, so that a reader for whom that
number is next need not fetch it. What travels is `origin kind:number` and the
copy behind a line end; a process knows its own knocks by their origin.
"""

import asyncio
import re
from collections import defaultdict
from secrets import token_hex
from typing import Any, ClassVar, Protocol
from weakref import WeakKeyDictionary
from zlib import crc32

from django.conf import settings

from helpline.live.link import safely
from helpline.live.wire import Wire, wires

PREFIX = "ring:"
MISSED = "missed"
PACKED = re.compile(rb"[0-9a-f]{8} ([a-z]{1,12}):([0-9]{1,10})(?:\n(.{1,131072}))?", re.DOTALL)


def server_of(channel: str, servers: int) -> int:
    """Which of the Redis servers carries a channel: the same for everybody."""
    return crc32(channel.encode()) % servers


class Knock:
    """There is something to fetch. `copy` is sealed; `opened` is what a reader made of it."""

    __slots__ = ("channel", "copy", "kind", "number", "opened")

    def __init__(self, channel: str, kind: str, number: int = 0, copy: bytes = b"") -> None:
        self.channel, self.kind, self.number, self.copy = channel, kind, number, copy
        self.opened: Any = None

    def packed(self, origin: bytes) -> bytes:
        """The knock as it travels."""
        head = b"%s %s:%d" % (origin, self.kind.encode(), self.number)
        return b"%s\n%s" % (head, self.copy) if self.copy else head

    @classmethod
    def unpacked(cls, channel: str, data: bytes) -> "Knock | None":
        """The knock in `data`, or None when it is not one of ours."""
        found = PACKED.fullmatch(data)
        if found is None:
            return None
        return cls(channel, found[1].decode(), int(found[2]), found[3] or b"")


class Ear(Protocol):
    """Whoever listens: hears a knock at once, in the loop, and must not wait."""

    def ring(self, knock: Knock) -> None: ...


class Hub:
    """Who listens to what here. Everything but `post` is called in the hub's own loop."""

    _hubs: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, "Hub"]] = WeakKeyDictionary()

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.origin = token_hex(4).encode()
        self.ears: dict[str, set[Ear]] = defaultdict(set)
        self.wires = wires(settings.BELL_URLS, heard=self._heard, back=self._back)

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
        """From now on `ear` hears what is rung at `channel`, wherever it is rung."""
        self.ears[channel].add(ear)
        await self._wire(channel).subscribe(PREFIX + channel)

    def leave(self, channel: str, ear: Ear) -> None:
        """`ear` hears nothing more of `channel`."""
        self.ears[channel].discard(ear)
        if not self.ears[channel]:
            del self.ears[channel]
            self._wire(channel).unsubscribe(PREFIX + channel)

    def post(self, knock: Knock) -> None:
        """Ring here at once and everywhere through Redis. Safe from any thread."""
        self.loop.call_soon_threadsafe(self.ring, knock)

    async def close(self) -> None:
        """Let go of Redis."""
        self._hubs.pop(self.loop, None)
        for wire in self.wires:
            await wire.close()

    def _wire(self, channel: str) -> Wire:
        """The server that carries this channel."""
        return self.wires[server_of(channel, len(self.wires))]

    def ring(self, knock: Knock) -> None:
        """The same as `post`, for whoever is in this hub's loop already."""
        self._ring(knock)
        self._wire(knock.channel).publish(PREFIX + knock.channel, knock.packed(self.origin))

    def _ring(self, knock: Knock) -> None:
        for ear in tuple(self.ears.get(knock.channel, ())):
            safely(ear.ring, knock)

    def _heard(self, channel: str, data: bytes) -> None:
        if data.startswith(self.origin):
            return  # our own: rung here before it left
        if knock := Knock.unpacked(channel.removeprefix(PREFIX), data):
            self._ring(knock)

    def _back(self, wire: Wire) -> None:
        for channel in tuple(self.ears):
            if self._wire(channel) is wire:
                self._ring(Knock(channel, MISSED))
