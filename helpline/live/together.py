"""Together: many questions, one call.

A socket asks one thing: is this ticket still good, post this message, what
comes after number 7. One at a time each costs a thread, a connection and a
transaction; on a busy night that is all the machine does. So whatever is asked
while a call runs goes into the next call, and the call answers them all with a
handful of statements. Nobody waits for company: a lone question goes at once.

The calls are plain synchronous functions of the domain, `questions -> answers`,
run in a thread of their own. An answer that is an exception is raised at
whoever asked. A question that is answered Later (the talk it is about is held by
somebody slow) stays first in line for the next call while its neighbours go on.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import monotonic
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from django.db import InterfaceError, OperationalError, connections

from helpline.errors import Busy, Later
from helpline.live.announce import gathering
from helpline.live.hub import Hub, Knock
from helpline.live.link import safely
from helpline.logs import get_logger

Q = TypeVar("Q")
A = TypeVar("A")
NAP = 0.002  # seconds until what was answered Later is asked again

log = get_logger(__name__)


class Asked(NamedTuple):
    """One question on its way, who wants the answer, and since when."""

    question: Any
    told: Callable[[Any], None]
    since: float


class Together(Generic[Q, A]):
    """Answer questions in groups, in the order in which they were asked.

    `most` bounds one call, `waiting` what may wait (beyond it: Busy at once),
    `patience` (seconds) how long a question may be answered Later. Questions that
    `order` gives the same name are never answered out of their order.
    """

    keep: ClassVar[float] = 5  # seconds that a connection is kept for the next question
    _all: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Any, Any]]] = (
        WeakKeyDictionary()
    )

    def __init__(
        self,
        call: Callable[[list[Q]], Any],
        *,
        most: int = 500,
        waiting: int = 20_000,
        patience: float = 10.0,
        order: Callable[[Q], Any] | None = None,
    ) -> None:
        self.call, self.most, self.waiting = call, most, waiting
        self.patience, self.order = patience, order
        self._asked: deque[Asked] = deque()
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="together")
        self._running: asyncio.Task[None] | None = None
        self._resting: asyncio.TimerHandle | None = None

    @classmethod
    def here(cls, call: Callable[[list[Q]], Any], **more: Any) -> "Together[Q, Any]":
        """The one of this process for `call` asked in this way, made when first needed."""
        loop = asyncio.get_running_loop()
        table = cls._all.get(loop)
        if table is None:
            table = cls._all[loop] = {}
        found: Together[Q, Any] | None = table.get((call, *more.values()))
        if found is None:
            found = table[call, *more.values()] = cls(call, **more)
        return found

    @classmethod
    def end(cls) -> None:
        """Give back every connection that is kept, whatever loop it was kept for."""
        for table in list(cls._all.values()):
            for one in table.values():
                one._rest()
                one._thread.shutdown()
        cls._all.clear()

    def tell(self, question: Q, told: Callable[[Any], None]) -> None:
        """Ask; `told` gets the answer, or the exception it is, and must not wait or raise.

        It is told in the tick in which the group rings its bells, so that what
        one socket is sent because of one message leaves in one write.
        """
        if len(self._asked) >= self.waiting:
            return told(Busy())
        self._asked.append(Asked(question, told, monotonic()))
        if self._running is None:
            if self._resting is not None:
                self._resting.cancel()
            self._running = self._loop.create_task(self._run())

    def ask(self, question: Q) -> "asyncio.Future[A]":
        """The answer, in a while. It raises Busy when too many wait already."""
        answer: asyncio.Future[A] = self._loop.create_future()
        self.tell(question, partial(_settle, answer))
        return answer

    async def _run(self) -> None:
        """Call until nothing is asked any more; then there is no task either."""
        try:
            while self._asked:
                group = [self._asked.popleft() for _ in range(min(self.most, len(self._asked)))]
                answers, knocks = await self._answered(group)
                waits = self._hand_out(group, answers)
                for knock in knocks:
                    Hub.here().ring(knock)
                if waits:
                    await asyncio.sleep(NAP)
        finally:
            self._running = None
            self._resting = self._loop.call_later(self.keep, self._rest)

    def _rest(self) -> None:
        """Nobody asked for a while: give the connections back."""
        self._thread.submit(connections.close_all)

    def _hand_out(self, group: list[Asked], answers: Sequence[Any]) -> bool:
        """Give everybody their answer; True when only those who must wait are left."""
        later = []
        for asked, answer in zip(group, answers, strict=True):
            if not isinstance(answer, Later):
                safely(asked.told, answer)
            elif monotonic() - asked.since < self.patience:
                later.append(asked)
            else:
                safely(asked.told, Busy())
        alone = bool(later) and not self._asked
        self._asked.extendleft(reversed(later))
        return alone

    async def _answered(self, group: list[Asked]) -> tuple[Sequence[Any], list[Knock]]:
        """The answers to a group, and what it rang on the way."""
        return await self._loop.run_in_executor(self._thread, self._in_thread, group)

    def _in_thread(self, group: list[Asked]) -> tuple[Sequence[Any], list[Knock]]:
        with gathering() as knocks:
            return self._answers([asked.question for asked in group]), knocks

    def _answers(self, questions: list[Q]) -> Sequence[Any]:
        """One call for all of them; when it breaks, one for each, so that one spoils nothing."""
        try:
            return self._called(questions)
        except (OperationalError, InterfaceError):
            log.warning("database_lost", count=len(questions))
            return [Busy()] * len(questions)
        except Exception as broken:
            if len(questions) == 1:
                return [broken]
            log.exception("group_broken", count=len(questions))
            return self._one_by_one(questions)

    def _one_by_one(self, questions: list[Q]) -> Sequence[Any]:
        """Each by itself, in order: behind one that must wait others of its name wait too."""
        answers: list[Any] = []
        waiting: set[Any] = set()
        for question in questions:
            waits = self.name(question) in waiting
            answers.append(Later() if waits else self._answers([question])[0])
            self.note(question, answers[-1], waiting)
        return answers

    def name(self, question: Q) -> Any:
        """Whose order a question keeps."""
        return self.order(question) if self.order is not None else None

    def note(self, question: Q, answer: Any, waiting: set[Any]) -> None:
        """Remember who must wait, if there is an order to keep."""
        if self.order is not None and isinstance(answer, Later):
            waiting.add(self.name(question))

    def _called(self, questions: list[Q]) -> Sequence[Any]:
        try:
            return counted(self.call(questions), questions)
        finally:
            for connection in connections.all(initialized_only=True):
                if connection.errors_occurred and not connection.is_usable():
                    connection.close()
                connection.errors_occurred = False


def counted(answers: Sequence[Any], questions: Sequence[Any]) -> Sequence[Any]:
    """The answers, when there is one for each question. Raises ValueError."""
    if len(answers) != len(questions):
        raise ValueError("a group got too few answers, or too many")
    return answers


def _settle(future: "asyncio.Future[Any]", answer: Any) -> None:
    if future.done():
        return  # whoever asked is gone
    if isinstance(answer, BaseException):
        future.set_exception(answer)
    else:
        future.set_result(answer)
