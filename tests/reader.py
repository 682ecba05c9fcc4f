"""A client that keeps the contract of docs/protocol.md: the smallest there can be."""

import asyncio
import contextlib
from typing import Any
from uuid import uuid4

from tests.people import Socket


class Reader:
    """Hears one talk over one socket: ignores what it has, asks when it misses something."""

    def __init__(self, socket: Socket, *, talk: str = "", beat: float = 1.0) -> None:
        self.socket, self.talk, self.beat = socket, talk, beat
        self.rows: dict[int, dict[str, Any]] = {}
        self.state = ""
        self.sent: dict[str, int] = {}
        self.gone = False

    @property
    def seen(self) -> int:
        """The last number without a gap before it."""
        number = 0
        while number + 1 in self.rows:
            number += 1
        return number

    @property
    def texts(self) -> list[str]:
        return [self.rows[n]["text"] for n in sorted(self.rows) if self.rows[n]["kind"] == "said"]

    async def __aenter__(self) -> "Reader":
        await self.socket.__aenter__()
        self._tasks = [asyncio.create_task(self._hear()), asyncio.create_task(self._beat())]
        return self

    async def __aexit__(self, *error: Any) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.socket.__aexit__(None, None, None)

    async def says(self, text: str) -> str:
        client_id = str(uuid4())
        more = {"talk": self.talk} if self.talk else {}
        await self.socket.sends(type="say", client_id=client_id, text=text, **more)
        return client_id

    async def resumes(self) -> None:
        if self.talk:
            await self.socket.sends(type="resume", talks={self.talk: self.seen})
        else:
            await self.socket.resumes(self.seen)

    async def until(self, fact: Any, seconds: float = 25) -> None:
        """Wait until `fact()`; fails after so many seconds."""
        async with asyncio.timeout(seconds):
            while not fact():
                await asyncio.sleep(0.02)

    async def _beat(self) -> None:
        while True:
            await self.resumes()
            await asyncio.sleep(self.beat)

    async def _hear(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await self._take(await self.socket._next(timeout=3600))

    async def _take(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "row":
                again = self.rows.setdefault(frame["number"], frame)
                assert again == frame, "a number that was shown may never change"
                if frame["number"] > self.seen:
                    await self.resumes()
            case "up_to_date":
                self.state = frame["state"]
            case "sent":
                self.sent[frame["client_id"]] = frame["number"]
                if frame["number"] > self.seen:
                    await self.resumes()  # this socket gets no row of it unless it asks
            case "gone":
                self.gone = True
