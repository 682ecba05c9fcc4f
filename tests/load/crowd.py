"""Many talks at one server: opened, spoken in, measured, and checked to the last row."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.load import wire
from tests.load.ends import Broken, Client, End, Plain, Socket
from tests.load.talks import Talk

HERE = "127.0.0.1"
PATIENCE = 90  # seconds until we no longer believe that it will come
RESUME_EVERY = 10.0
TICK = 0.05
AT_ONCE = 100  # connections that are being opened at the same time


class Crowd:
    """All the talks of one measurement."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.loop = asyncio.get_running_loop()
        self.talks: list[Talk] = []
        self.counted: Counter[str] = Counter()
        self.latencies: list[float] = []
        self.delivered = 0
        self.is_pressing = False  # whoever has delivered speaks again at once,
        self.pace = 0.0  # or so many seconds after the message before
        self.is_leaving = False
        self.trouble = ""
        self.here: list[Talk] = []  # the talks that are connected now
        self.away: set[End] = set()  # who is not up to date yet
        self.complete_at = 0.0  # when the last of them was
        self.queue: deque[End] = deque()  # who still has to connect
        self.room = 0  # how many more may be connecting now
        self.tasks: set[asyncio.Task[None]] = set()
        self.heartbeat: asyncio.Task[None] | None = None

    # --- who is there ---
    def add(self, index: int, *, id: str = "") -> Talk:
        talk = Talk(self, index, id)
        self.talks.append(talk)
        return talk

    def add_plain(self, count: int) -> None:
        """Talks at a yardstick, where everybody may come in."""
        for index in range(count):
            talk = self.add(index)
            hello = wire.handshake(host=HERE, path=f"/ws/{index}/")
            talk.visitor, talk.counsellor = Plain(self, talk, hello), Plain(self, talk, hello)

    def add_clients(self, seeds: Iterable[dict[str, Any]], *, counsellors: bool) -> None:
        """Talks at the product, by what `seed` wrote down about them."""
        for seed in seeds:
            talk = self.add(seed["index"], id=seed["talk"])
            talk.said = seed["said"]
            talk.visitor = Client(self, talk, self.hello("chat", "/ws", seed["visitor"]))
            if counsellors:
                hello = self.hello("team", "/ws/talks", seed["counsellor"])
                talk.counsellor = Client(self, talk, hello)

    def hello(self, site: str, path: str, cookie: str) -> bytes:
        host = f"{site}.localhost:{self.port}"
        return wire.handshake(host=host, path=path, origin=f"http://{host}", cookie=cookie)

    @property
    def ends(self) -> Iterator[End]:
        for talk in self.here:
            yield from talk.ends

    # --- coming and going ---
    async def open(self, talks: list[Talk], *, at_once: int = AT_ONCE) -> float:
        """Connect both ends of these talks; the seconds until all of them were up to date."""
        begun = time.perf_counter()
        self.here = talks
        self.is_leaving = False
        self.queue.extend(self.ends)
        self.away.update(self.ends)
        self.room = at_once
        self._let_in()
        await self.until(lambda: not self.away, "be connected and up to date")
        self.heartbeat = self.keep(self._resume())
        return self.complete_at - begun

    def _let_in(self) -> None:
        while self.queue and self.room:
            self.room -= 1
            self.begin(self.queue.popleft())

    def begin(self, end: End) -> None:
        """Begin to connect one end; it tries until it is in."""
        self.keep(self._connect(end))

    async def _connect(self, end: End) -> None:
        while not self.is_leaving:
            try:
                await self.loop.create_connection(lambda: Socket(end), HERE, self.port)
            except OSError:
                self.count("not_let_in")
                await asyncio.sleep(0.5)
            else:
                return

    def is_ready(self, end: End) -> None:
        """This end is connected and has everything there is."""
        if end in self.away:
            self.away.discard(end)
            self.complete_at = time.perf_counter()
            self.room += 1
            self._let_in()

    def leave(self) -> None:
        """Everybody is gone at once, without a word."""
        self.is_leaving = True
        if self.heartbeat is not None:
            self.heartbeat.cancel()
        for end in self.ends:
            end.leave()

    async def _resume(self) -> None:
        """Everybody's resume every ten seconds, spread evenly: the protocol's heartbeat."""
        ends = [end for end in self.ends if isinstance(end, Client)]
        steps, turn = int(RESUME_EVERY / TICK), 0
        while ends:
            await asyncio.sleep(TICK)
            for end in ends[turn % steps :: steps]:
                end.resume()
            turn += 1

    # --- what was said ---
    @property
    def said(self) -> int:
        return sum(talk.said for talk in self.talks)

    async def until_quiet(self) -> None:
        await self.until(lambda: all(talk.is_quiet for talk in self.here), "have every message")

    async def agree(self) -> None:
        """Have every end ask once more: then it has every row that was said, each once."""
        ends = [end for end in self.ends if isinstance(end, Client)]
        self.away.update(ends)
        for end in ends:
            end.resume()
        await self.until(lambda: not self.away, "hear the answer to a last resume")
        await self.pause(0.2)  # what comes twice comes now
        self.refuse_differences()

    def refuse_differences(self) -> None:
        """Broken, unless every end has read exactly what was said."""
        for end in self.ends:
            if end.read != end.talk.said:
                raise Broken(f"{end.read} rows for {end.talk.said} messages at an end")

    async def reread(self, count: int) -> None:
        """Read some talks again from their first row: what is stored is what was said."""
        self.leave()
        chosen = [talk for talk in self.here if talk.said][:count]
        for end in (end for talk in chosen for end in talk.ends if isinstance(end, Client)):
            end.seen = end.read = 0
        await self.open(chosen)
        self.refuse_differences()

    # --- what is wrong ---
    def count(self, what: str) -> None:
        self.counted[what] += 1

    def fail(self, why: str) -> None:
        self.trouble = self.trouble or why

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        self.loop.call_later(seconds, act)

    def keep(self, work: Any) -> "asyncio.Task[None]":
        task = self.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if self.trouble:
            raise Broken(self.trouble)

    async def until(self, fact: Callable[[], bool], what: str) -> None:
        """Wait until `fact`; raises Broken when it does not come true."""
        end = time.perf_counter() + PATIENCE
        while not fact():
            if time.perf_counter() > end:
                raise Broken(f"not everybody could {what} in {PATIENCE} s ({dict(self.counted)})")
            await self.pause(0.01)
