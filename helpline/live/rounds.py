"""Rounds: every so many seconds every open socket is asked again whether it may be.

A timer and a task for each socket would cost more than the sockets themselves.
So each process goes round: sockets of one kind stand in as many rows as the
round has seconds, each second one row is asked about in one group.
"""

import asyncio
from typing import Any, ClassVar, Protocol
from weakref import WeakKeyDictionary

from helpline.live.link import safely
from helpline.live.together import Together


class Beating(Protocol):
    """A socket that is asked about."""

    beat_every: ClassVar[int]

    def beat(self) -> Any: ...  # what to ask
    def beaten(self, answer: Any) -> None: ...  # the answer, or the exception it is


class Rounds:
    """The sockets of one kind in this process, and the task that goes round."""

    _all: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Any, "Rounds"]]] = (
        WeakKeyDictionary()
    )

    def __init__(self, every: int, ask: Any) -> None:
        self.ask = ask
        self._rows: list[set[Beating]] = [set() for _ in range(every)]
        self._next = 0
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def of(cls, socket: Beating, ask: Any) -> "Rounds":
        """The rounds of sockets of this kind."""
        table = cls._all.setdefault(asyncio.get_running_loop(), {})
        kind = type(socket)
        if kind not in table:
            table[kind] = cls(socket.beat_every, ask)
        return table[kind]

    def join(self, socket: Beating) -> set[Beating]:
        """Stand in a row, which is returned: whoever leaves discards itself from it."""
        row = min(self._rows, key=len)
        row.add(socket)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._go())
        return row

    async def _go(self) -> None:
        """Go round until nobody is there any more."""
        while any(self._rows):
            await asyncio.sleep(1)
            self._next = (self._next + 1) % len(self._rows)
            for socket in tuple(self._rows[self._next]):
                safely(self._ask_about, socket)
        self._task = None

    def _ask_about(self, socket: Beating) -> None:
        Together.here(self.ask).tell(socket.beat(), socket.beaten)
