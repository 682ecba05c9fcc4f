"""TypedConsumer: one socket, frames in, frames out, no decisions.

A subclass says what it hears (`hears`), who may come in (`admit`), what it
listens to (`channels`), and what a frame or a knock makes it do. A socket is
never trusted for having been let in: its right is asked again in every round,
and for whatever it asks.

It is Channels' consumer in everything but its engine. Some of Channels' own
methods are replaced, because they cost more than the message they carry
(docs/performance.md): `__call__` waits for the socket alone, without a task for
each event and without a channel layer; `dispatch` does not visit a thread to
close connections that no consumer here holds; `websocket_disconnect` neither;
`close` ends a socket once, whatever is still under way.
A socket of a talk that says and hears nothing has no task and no timer.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, TypeVar

from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.urls import path
from django.utils import translation
from pydantic import TypeAdapter

from helpline.errors import Busy, Refusal, SlowDown, Unreadable
from helpline.live.budget import Budget
from helpline.live.hub import Hub, Knock
from helpline.live.outbox import Outbox
from helpline.live.protocol import Frame, parse, refused
from helpline.live.rounds import Beating, Rounds
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


CLOSES = {Over: NOT_YOURS, Busy: BROKEN}  # how who may not come in now is turned away


class TypedConsumer(AsyncWebsocketConsumer):
    """One end of a socket. See the module for what a subclass fills in."""

    hears: ClassVar[TypeAdapter[Any]]
    asks: ClassVar[Callable[[Any], Any]]  # a group of beats: each an answer, or a refusal
    beat_every: ClassVar[int] = 8  # seconds
    sure_for: ClassVar[float] = 20.0  # seconds that a right counts which was found to hold
    sure_until = 0.0
    language = "nl"
    is_in = False  # admitted and accepted
    is_closed = False  # by us; the other end may not know yet
    _is_fetching = False
    _row: "set[Beating] | None" = None

    @classmethod
    def at(cls, route: str) -> Any:
        """This socket at `route`, for a URLRouter."""
        return path(route, cls.as_asgi())  # type: ignore[arg-type]  # the stubs know views only

    # --- what a subclass fills in ---

    async def admit(self) -> None:
        """Let in or raise a Refusal; sets what the subclass needs to know."""
        raise Over

    async def channels(self) -> set[str]:
        """The channels whose doorbell this socket hears."""
        return set()

    async def hear(self, frame: Any) -> None:
        """Do what a frame asks."""

    def deliver(self, knock: Knock) -> bool:
        """Send at once what a knock brings, without waiting; False when it must be fetched."""
        return False

    async def on_knock(self, knock: Knock) -> None:
        """Fetch what a knock announces."""

    def beat(self) -> Any:
        """What to ask about this socket every `beat_every` seconds, of `asks`."""

    # --- the engine ---

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Hand every event of the socket to `dispatch`, one after another, until it ends."""
        self.scope, self.base_send = scope, send
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:
            self._let_go()

    async def dispatch(self, message: Any) -> None:
        """Call the handler of one event. No handler leaves a database connection behind."""
        await getattr(self, get_handler_name(message))(message)

    async def websocket_disconnect(self, message: Any) -> None:
        """The socket is gone."""
        await self.disconnect(message["code"])
        raise StopConsumer

    async def connect(self) -> None:
        try:
            await self.admit()
        except Refusal as refusal:
            log.info("socket_refused", code=refusal.code)
            await self.accept()  # only an accepted socket can tell the other end why
            return await self.close(code=CLOSES.get(type(refusal), TOO_MUCH))
        self.budget = Budget(rate=FRAMES_A_SECOND, burst=BURST, start=time.monotonic())
        self.outbox, self.hub = Outbox(self.base_send), Hub.here()
        self.joined: set[str] = set()
        self._pending: dict[tuple[str, str], Knock] = {}
        self._doing: set[asyncio.Task[None]] = set()
        await self.accept()
        self.is_in = True
        await self.tune()
        self._row = Rounds.of(self, type(self).asks).join(self)

    def _let_go(self) -> None:
        """Leave nothing behind: no task, no ear in the hub."""
        if not self.is_in:
            return
        self.is_in = False
        if self._row is not None:
            self._row.discard(self)
        for task in tuple(self._doing):
            task.cancel()
        self.outbox.close()
        for channel in self.joined:
            self.hub.leave(channel, self)
        self.joined = set()

    async def tune(self) -> None:
        """Listen to exactly the channels that `channels` names now."""
        wanted = await self.channels()
        for channel in self.joined - wanted:
            self.hub.leave(channel, self)
        fresh, self.joined = wanted - self.joined, wanted
        await asyncio.gather(*(self.hub.join(channel, self) for channel in fresh))

    # --- in ---

    async def close(self, code: Any = None, reason: str | None = None) -> None:
        """End the socket, once: what is still under way in either direction is let go."""
        if not self.is_closed:
            self.is_closed = True
            if self.is_in:
                self.outbox.close()
            await super().close(code, reason)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.is_in or self.is_closed:
            return
        if text_data is None:
            return await self.close(code=NOT_FRAMES)
        if not self.can_spend():
            return await self._too_fast(text_data)
        await self.guarded(self._hear_text(text_data))

    def can_spend(self) -> bool:
        """Take one from what this socket may ask; False when there is nothing left."""
        return self.budget.spend(time.monotonic())

    async def _hear_text(self, text: str) -> None:
        try:
            frame = parse(self.hears, text)
        except Unreadable as refusal:
            return await self.tell_refused(refusal)
        await self._about(frame, self.hear(frame))

    async def _about(self, frame: Any, work: Awaitable[Any]) -> None:
        """Do what `frame` asked; a refusal names what it is about."""
        try:
            await work
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

    # --- out ---

    async def tell(self, frame: Frame) -> None:
        """Send one frame; waits when the other end does not keep up."""
        await self._tell_later(frame.as_text())

    async def tell_refused(self, refusal: Refusal, **about: Any) -> None:
        """Send a refusal in the language of this end."""
        with translation.override(self.language):
            await self.tell(refused(refusal, **about))

    def tell_answer(self, about: Any, answer: Any) -> None:
        """Tell the answer to the frame `about`, or why there is none; nobody waits for it."""
        if not self.is_in:
            return
        if isinstance(answer, Frame):
            self.tell_now(answer.as_text())
        else:
            self.soon(self._about(about, raised(answer)))

    def tell_now(self, text: str) -> None:
        """Send a frame that is text already, without making anybody wait."""
        if not self.outbox.put(text):
            self.soon(self._tell_later(text))

    async def _tell_later(self, text: str) -> None:
        while not self.outbox.put(text):
            await self.outbox.empty()

    def soon(self, work: Coroutine[Any, Any, None]) -> None:
        """Do `work` beside this socket's own; it ends with the socket."""
        task = asyncio.get_running_loop().create_task(self.guarded(work))
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)

    # --- knocks and beats ---

    def ring(self, knock: Knock) -> None:
        """What the hub calls: deliver at once, or fetch in a task of its own.

        However slow the socket, it holds one knock of each kind and channel.
        """
        if self.deliver(knock):
            return
        at = (knock.channel, knock.kind)
        waiting = self._pending.get(at)
        if waiting is None or waiting.number < knock.number:
            self._pending[at] = knock
        if not self._is_fetching:
            self._is_fetching = True
            self.soon(self._fetch())

    async def _fetch(self) -> None:
        while self._pending:
            knocks, self._pending = list(self._pending.values()), {}
            for knock in knocks:
                await self.guarded(self.on_knock(knock))
        self._is_fetching = False

    def beaten(self, answer: Any) -> None:
        """What became of a beat. When it could not be asked, nothing is sure for now."""
        if isinstance(answer, Over):
            self.soon(raised(answer))
        elif not isinstance(answer, BaseException):
            self.sure()

    def sure(self) -> None:
        """The right to this socket was found to hold just now."""
        self.sure_until = time.monotonic() + self.sure_for

    @property
    def is_sure(self) -> bool:
        """Whether the right was found to hold a moment ago."""
        return time.monotonic() < self.sure_until

    async def guarded(self, work: Awaitable[None]) -> None:
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


async def raised(error: BaseException) -> None:
    """Raise it, where somebody awaits."""
    raise error
