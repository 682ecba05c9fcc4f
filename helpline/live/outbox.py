"""The outbox of one socket: what is sent leaves at once, in order, and never waits for a reader.

ASGI's `send` is a coroutine that has to wait only when the other end does not
read. A task for each frame would cost more than the frame itself, so a send is
begun by hand: mostly it is over at the first step. When it is not, the rest of
it becomes a task, and what comes after waits in a bounded box behind it.
"""

import asyncio
import types
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any

Send = Callable[[Any], Awaitable[None]]


class Outbox:
    """Frames for one socket. `most` may wait; `put` says no when they do."""

    __slots__ = ("_draining", "_send", "_waiting", "is_shut", "most")

    def __init__(self, send: Send, *, most: int = 64) -> None:
        self._send, self.most = send, most
        self._waiting: deque[str] | None = None  # only while the other end does not read
        self._draining: asyncio.Task[None] | None = None
        self.is_shut = False

    def put(self, text: str) -> bool:
        """Send a frame now, or as soon as those before it are gone. False: the box is full.

        To somebody who is gone everything can be sent; the server tells the consumer.
        """
        if self.is_shut:
            return True
        if self._waiting is None:
            try:
                rest = begun(self._send({"type": "websocket.send", "text": text}))
            except OSError:
                return True
            if rest is not None:
                self._waiting = deque()
                self._draining = asyncio.get_running_loop().create_task(self._drain(rest))
            return True
        if len(self._waiting) >= self.most:
            return False
        self._waiting.append(text)
        return True

    @property
    def is_stuck(self) -> bool:
        """Whether the other end has stopped reading for now."""
        return self._waiting is not None

    async def empty(self) -> None:
        """Wait until everything is with the network, or the other end is gone."""
        if self._draining is not None:
            await asyncio.wait([self._draining])

    def close(self) -> None:
        """Forget what is left, and send nothing more."""
        self.is_shut = True
        if self._draining is not None:
            self._draining.cancel()
        self._waiting = self._draining = None

    async def _drain(self, rest: Awaitable[None]) -> None:
        try:
            await rest
            while self._waiting:
                await self._send({"type": "websocket.send", "text": self._waiting.popleft()})
        except OSError:
            pass  # the other end is gone; the server says so to the consumer
        finally:
            self._waiting = self._draining = None


def begun(work: Any) -> Awaitable[None] | None:
    """Run a coroutine to where it first has to wait: the rest of it, or None when that was all."""
    coroutine: Coroutine[Any, Any, None] = work
    try:
        waits_for = coroutine.send(None)
    except StopIteration:
        return None
    return _rest(coroutine, waits_for)


@types.coroutine
def _rest(coroutine: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    """What is left of a coroutine that already waits: hand on what it waits for, then go on."""
    while True:
        try:
            woken = yield waits_for
        except BaseException as error:
            step: Callable[[Any], Any] = coroutine.throw
            woken = error
        else:
            step = coroutine.send
        try:
            waits_for = step(woken)
        except StopIteration:
            return
