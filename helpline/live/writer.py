"""The writer: one for each process, it commits messages in groups.

It takes the steps of a group (helpline.steps) here in the event loop, on a
connection of its own: whatever is asked while that runs goes into the next
group. Nobody waits for company, so a quiet night has commits of one message and
a busy one of hundreds. Each statement is a transaction by itself, so what a
group writes must be one statement. An answer leaves after that is committed,
and a commit has been through fsync.

A thread for this would fight with the loop over the interpreter's lock at every
round trip: it took ten times as long for each message (docs/performance.md).
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, connections

from helpline import events
from helpline.errors import Busy, Later
from helpline.live.announce import gathering
from helpline.live.consumer import in_database
from helpline.live.hub import Knock
from helpline.live.together import A, Asked, Q, Together, counted
from helpline.logs import get_logger
from helpline.steps import Afterwards, Elsewhere, Query, Steps

ONE_PLAN = "SET plan_cache_mode = force_generic_plan"  # else each group is planned anew
PATIENCE = 10  # seconds for one group; longer means that the database is lost
LOST = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    OperationalError,  # what a step elsewhere met: the keys have a database of their own
    InterfaceError,
    TimeoutError,
)

log = get_logger(__name__)


class Writer(Together[Q, A]):
    """Together, for a call that gives Steps."""

    keep = 60
    _connection: "psycopg.AsyncConnection[Any] | None" = None

    async def _answered(self, group: list[Asked]) -> tuple[Sequence[Any], list[Knock]]:
        answers, told = await self._safely([asked.question for asked in group])
        with gathering() as knocks:
            for event in told:
                events.tell(event)
        return answers, knocks

    async def _safely(self, questions: list[Q]) -> tuple[Sequence[Any], list[object]]:
        """One commit for all; when it breaks, one for each, so that one spoils nothing."""
        try:
            return await self._committed(questions)
        except LOST:
            log.warning("database_lost", count=len(questions))
            return [Busy()] * len(questions), []
        except Exception as broken:
            if len(questions) == 1:
                return [broken], []
            log.exception("group_broken", count=len(questions))
            return await self._each(questions)

    async def _each(self, questions: list[Q]) -> tuple[Sequence[Any], list[object]]:
        """Each by itself, in order: behind one that must wait others of its name wait too."""
        answers: list[Any] = []
        told: list[object] = []
        waiting: set[Any] = set()
        for question in questions:
            if self.name(question) in waiting:
                answers.append(Later())
                continue
            (answer,), more = await self._safely([question])
            self.note(question, answer, waiting)
            answers.append(answer)
            told += more
        return answers, told

    async def _committed(self, questions: list[Q]) -> tuple[Sequence[Any], list[object]]:
        """The answers and what is to be told, committed. Raises what went wrong."""
        try:
            async with asyncio.timeout(PATIENCE):
                connection = await self._connected()
                answers, told = await taken(connection, self.call(questions))
                return counted(answers, questions), told
        except LOST:
            self._rest()
            raise

    async def _connected(self) -> "psycopg.AsyncConnection[Any]":
        """Our connection: the one we have, unless it is broken."""
        if self._connection is None or self._connection.closed:
            options = connections["default"].get_connection_params()
            for of_django in ("cursor_factory", "context"):
                options.pop(of_django)
            self._connection = await psycopg.AsyncConnection.connect(**options, autocommit=True)
            await self._connection.execute(ONE_PLAN)
        return self._connection

    def _rest(self) -> None:
        super()._rest()
        if self._connection is not None:
            self._connection.pgconn.finish()
            self._connection = None


async def taken(
    connection: "psycopg.AsyncConnection[Any]", steps: Steps[Any]
) -> tuple[Any, list[object]]:
    """Take all steps in the loop: what they return, and the events for afterwards."""
    answer: Any = None
    told: list[object] = []
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as end:
            return end.value, told
        match step:
            case Query(statement, values):
                cursor = await connection.execute(statement, values, prepare=True, binary=True)
                answer = await cursor.fetchall() if cursor.description else []
            case Elsewhere(call):
                answer = await in_database(call)()
            case Afterwards(event):
                told.append(event)
                answer = None
