"""TypedConsumer: one socket, frames in, frames out, no decisions.

A subclass says what it hears (`hears`), who may come in (`admit`), what it
listens to (`channels`), and what a frame or a knock makes it do. Rights are
checked again for every frame and before every delivery, by the queries and
actions that are called; a socket is never trusted for having been let in.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, TypeVar

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.urls import path
from django.utils import translation
from pydantic import TypeAdapter

from helpline.errors import Refusal, SlowDown, Unreadable
from helpline.live.budget import Budget
from helpline.live.hub import Ear, Hub, Knock
from helpline.live.protocol import Frame, parse, refused
from helpline.logs import get_logger

T = TypeVar("T")
NOT_YOURS = 4401  # the ticket or the login is over: do not come back with it
NOT_FRAMES = 1003  # binary
TOO_MUCH = 1008
BROKEN = 1011
FRAMES_A_SECOND, BURST, PATIENCE = 20, 60, 500
THREADS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="database")

log = get_logger(__name__)


def in_database(call: Callable[..., T]) -> Callable[..., Any]:
    """`call`, made awaitable: it runs in a thread that gives its connection back."""
    return database_sync_to_async(call, thread_sensitive=False, executor=THREADS)


def subject_of(frame: Any) -> dict[str, Any]:
    """Which message or talk a frame is about, so that its refusal can say so."""
    return {name: getattr(frame, name) for name in ("client_id", "talk") if hasattr(frame, name)}


class Over(Refusal):
    """The right to this socket has ended."""

    code = "over"
    status = 401


class TypedConsumer(AsyncWebsocketConsumer):
    """One end of a socket. See the module for what a subclass fills in."""

    hears: ClassVar[TypeAdapter[Any]]
    beat_every: ClassVar[float] = 8  # seconds
    language = "nl"

    @classmethod
    def at(cls, route: str) -> Any:
        """This socket at `route`, for a URLRouter."""
        return path(route, cls.as_asgi())  # type: ignore[arg-type]  # the stubs know views only

    async def admit(self) -> None:
        """Let in or raise a Refusal; sets what the subclass needs to know."""
        raise Over

    async def channels(self) -> set[str]:
        """The channels whose doorbell this socket hears."""
        return set()

    async def hear(self, frame: Any) -> None:
        """Do what a frame asks."""

    async def on_knock(self, knock: Knock) -> None:
        """Fetch what a knock announces."""

    async def on_beat(self) -> None:
        """Every `beat_every` seconds while the socket is open: ask again whether it may be."""

    async def connect(self) -> None:
        try:
            await self.admit()
        except Refusal as refusal:
            log.info("socket_refused", code=refusal.code)
            await self.accept()  # only an accepted socket can tell the other end why
            return await self.close(code=NOT_YOURS if isinstance(refusal, Over) else TOO_MUCH)
        self.budget = Budget(rate=FRAMES_A_SECOND, burst=BURST, start=time.monotonic())
        self.ear, self.hub = Ear(), Hub.here()
        self.joined: set[str] = set()
        await self.accept()
        await self.tune()
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._beat())]

    async def disconnect(self, code: int) -> None:
        for task in getattr(self, "_tasks", ()):
            task.cancel()
        for channel in getattr(self, "joined", ()):
            await self.hub.leave(channel, self.ear)

    async def tune(self) -> None:
        """Listen to exactly the channels that `channels` names now."""
        wanted = await self.channels()
        for channel in wanted - self.joined:
            await self.hub.join(channel, self.ear)
        for channel in self.joined - wanted:
            await self.hub.leave(channel, self.ear)
        self.joined = wanted

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if text_data is None:
            return await self.close(code=NOT_FRAMES)
        if not self.can_spend():
            return await self._too_fast(text_data)
        await self._guarded(self._hear_text(text_data))

    def can_spend(self) -> bool:
        """Take one from what this socket may ask; False when there is nothing left."""
        return self.budget.spend(time.monotonic())

    async def tell(self, frame: Frame) -> None:
        """Send one frame."""
        await self.send(text_data=frame.as_text())

    async def tell_refused(self, refusal: Refusal, **about: Any) -> None:
        """Send a refusal in the language of this end."""
        with translation.override(self.language):
            await self.tell(refused(refusal, **about))

    async def _hear_text(self, text: str) -> None:
        try:
            frame = parse(self.hears, text)
        except Unreadable as refusal:
            return await self.tell_refused(refusal)
        try:
            await self.hear(frame)
        except Over:
            raise
        except Refusal as refusal:
            await self.tell_refused(refusal, **subject_of(frame))

    async def _too_fast(self, text: str) -> None:
        """Refuse what is beyond the budget; end the socket when it does not stop."""
        if self.budget.overdrawn > PATIENCE:
            return await self.close(code=TOO_MUCH)
        if self.budget.overdrawn <= BURST:
            try:
                about = subject_of(parse(self.hears, text))
            except Unreadable:
                about = {}
            await self.tell_refused(SlowDown(), **about)

    async def _listen(self) -> None:
        while True:
            for knock in await self.ear.next():
                await self._guarded(self.on_knock(knock))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.beat_every)
            await self._guarded(self.on_beat())

    async def _guarded(self, work: Any) -> None:
        """Do `work`; whatever goes wrong ends this socket and nothing else."""
        try:
            await work
        except Over:
            await self.close(code=NOT_YOURS)
        except Refusal as refusal:
            await self.tell_refused(refusal)
        except OSError:
            log.info("socket_gone")  # the other end vanished while we spoke
        except Exception:
            log.exception("socket_broken")
            await self.close(code=BROKEN)
