"""One connection to Redis: what comes is handed out at once, what is asked leaves together.

Part of the hot path; wire.py says why it is fast, and opens a new link when one is lost.
"""

import asyncio
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

import hiredis

from helpline.logs import get_logger

Heard = Callable[[str, bytes], None]  # channel, data

MOST_WAITING = 8 * 1024 * 1024  # bytes that may wait to be written, or to become a message
NOTHING = object()  # what the reader says when no whole message is left
REFUSAL = re.compile(r"[A-Z]{2,20}\b")  # how Redis begins one: NOAUTH, NOPERM, ERR

# A command as it travels. (Its own type knows only commands of one word.)
pack = cast(Callable[[tuple[bytes | str, ...]], bytes], hiredis.pack_command)

log = get_logger(__name__)


class Lost(Exception):
    """This connection is of no more use; says why in one word."""


class Roll:
    """The channels of one connection: which are wanted, asked for and confirmed.

    Redis confirms in the order of asking, so counting is enough.
    """

    def __init__(self, wanted: Mapping[bytes, str]) -> None:
        self._wanted = wanted
        self._changed: set[bytes] = set()
        self._asked: set[bytes] = set()
        self._due = self._confirmed = 0
        self._joining: list[asyncio.Future[str]] = []
        self._waiting: deque[tuple[int, float, list[asyncio.Future[str]]]] = deque()

    def change(self, *names: bytes) -> None:
        """Tell Redis with the next commands whether these are wanted now."""
        self._changed.update(names)

    def has(self, name: bytes) -> bool:
        """Whether Redis confirmed `name`."""
        return name in self._asked and name not in self._changed and self._due <= self._confirmed

    def whole(self) -> asyncio.Future[str]:
        """Done when all that is wanted by now is confirmed: with "", or why it will not be."""
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._joining.append(future)
        return future

    def commands(self, now: float) -> list[bytes]:
        """What to ask for everything that changed; from now on it is asked."""
        new = [name for name in self._changed if name in self._wanted and name not in self._asked]
        old = [name for name in self._changed if name not in self._wanted and name in self._asked]
        self._changed.clear()
        self._asked.update(new)
        self._asked.difference_update(old)
        self._due += len(new)
        if self._joining:
            self._waiting.append((self._due, now, self._joining))
            self._joining = []
            self._release()
        return [
            pack((verb, *names))
            for verb, names in ((b"SUBSCRIBE", new), (b"UNSUBSCRIBE", old))
            if names
        ]

    def confirm(self) -> None:
        """Redis confirmed the next channel."""
        self._confirmed += 1
        self._release()

    def is_overdue(self, since: float) -> bool:
        """Whether somebody has waited for a confirmation since before then."""
        return bool(self._waiting) and self._waiting[0][1] < since

    def give_up(self, why: str) -> None:
        """Let everybody go who waits, and expect no more of what was asked so far."""
        self._release(why)
        settle(self._joining, why)
        self._joining = []
        self._due = self._confirmed

    def _release(self, why: str = "") -> None:
        while self._waiting and (why or self._waiting[0][0] <= self._confirmed):
            settle(self._waiting.popleft()[2], why)


class Link(asyncio.Protocol):
    """One connection, from its first byte to its end. `ended` says why it did."""

    transport: asyncio.Transport | None = None

    def __init__(
        self, channels: Mapping[bytes, str], *, heard: Heard, refused: Callable[[str], None]
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.heard_at = self.loop.time()
        self.ended: asyncio.Future[str] = self.loop.create_future()
        self.roll = Roll(channels)
        self._channels, self._heard, self._refused = channels, heard, refused
        self._reader = hiredis.Reader(notEnoughData=NOTHING)
        self._unfinished = 0  # bytes since the last whole message
        self._answers: deque[asyncio.Future[Any]] = deque()
        self._parts: list[bytes] = []  # what leaves at the end of this tick
        self._waiting = 0  # bytes
        self._is_due = False

    async def ask(self, *command: bytes | str) -> Any:
        """The answer to a command; raises Lost for a refusal. Only before publishing here."""
        answer: asyncio.Future[Any] = self.loop.create_future()
        self._answers.append(answer)
        self.send(pack(command))
        found = await answer
        if isinstance(found, Exception):
            raise Lost(code_of(found))
        return found

    def send(self, packed: bytes) -> bool:
        """Let `packed` leave at the end of this tick. False: too much waits, it is dropped."""
        if not self._is_due:
            self.wake()
        self._waiting += len(packed)
        if self._waiting > MOST_WAITING:
            return False
        self._parts.append(packed)
        return True

    def wake(self) -> None:
        """See to it that this tick ends with a write."""
        if not self._is_due and (transport := self._way_out()):
            self._is_due = True
            self._waiting = transport.get_write_buffer_size()
            self.loop.call_soon(self._write)

    def end(self, why: str) -> None:
        """Hang up, and let everybody go who waits for something from here."""
        settle([self.ended], why)
        settle(self._answers, Lost(why))
        self.roll.give_up(why)
        if self.transport is not None:
            self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.end("closed")

    def data_received(self, data: bytes) -> None:
        self._unfinished += len(data)
        try:
            self._reader.feed(data)
            while (message := self._reader.gets()) is not NOTHING:
                self._unfinished = 0
                self._take(message)
        except Exception:  # no RESP, or so absurd that no object can hold it
            self.end("protocol")
        if not self._unfinished:
            self.heard_at = self.loop.time()  # only a whole message is a sign of life
        elif self._unfinished > MOST_WAITING:
            self.end("endless")

    def _write(self) -> None:
        """Write all there is at once."""
        self._is_due = False
        parts, self._parts = self._parts, []
        whole = b"".join([*self.roll.commands(self.loop.time()), *parts])
        if whole and (transport := self._way_out()):
            transport.write(whole)

    def _way_out(self) -> asyncio.Transport | None:
        """The transport, while something written may still arrive."""
        return None if self.transport is None or self.transport.is_closing() else self.transport

    def _take(self, message: Any) -> None:
        match message:
            case [b"message", bytes() as name, bytes() as data]:
                if (channel := self._channels.get(name)) is not None:
                    safely(self._heard, channel, data)
            case [b"subscribe", *_]:
                self.roll.confirm()
            case hiredis.PushNotification():
                pass  # unsubscribed, or of a kind we never asked for
            case _ if self._answers:
                settle([self._answers.popleft()], message)
            case hiredis.ReplyError():  # of which command, nobody knows
                self.roll.give_up(code_of(message))
                self._refused(code_of(message))


def code_of(error: BaseException) -> str:
    """One word for a log: how Redis' refusal begins, else the kind of trouble."""
    if isinstance(error, hiredis.ReplyError):
        found = REFUSAL.match(str(error))
        return found[0] if found else "refused"
    return str(error) if isinstance(error, Lost) else type(error).__name__


def safely(callback: Callable[..., None], *args: Any) -> None:
    """Call somebody of ours; whatever goes wrong there, this process goes on hearing."""
    try:
        callback(*args)
    except Exception:
        log.exception("hub_broken")


def settle(futures: Iterable[asyncio.Future[Any]], result: Any) -> None:
    """Give `result` to whoever still waits."""
    for future in futures:
        if not future.done():
            future.set_result(result)
