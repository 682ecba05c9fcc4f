"""Steps: work on the main database that does not say who waits for it.

Such a work is a generator. It yields a Query and gets its rows, yields an
Elsewhere (a call that may take its time) and gets its answer, yields an
Afterwards (an event) and gets nothing. `done` takes the steps one by one, for
pages, commands and sweeps; the writer of the sockets (helpline.live.writer)
takes the same steps in the event loop. So there is one way to post a message,
and no thread between a socket and its commit.

Queries are prepared once by each connection, for planning such a statement
costs more than doing it, and their values travel apart from them, in binary.
"""

from collections.abc import Callable, Generator, Iterable
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import psycopg
from django.db import connection

from helpline import events

T = TypeVar("T")
Rows = list[tuple[Any, ...]]


class Query(NamedTuple):
    """Ask the main database; the answer is the rows."""

    statement: str
    values: tuple[Any, ...]


class Elsewhere(NamedTuple):
    """Call something that may wait for something else; the answer is what it returns."""

    call: Callable[[], Any]


class Afterwards(NamedTuple):
    """Tell this event once all is committed."""

    event: object


Step = Query | Elsewhere | Afterwards
Steps = Generator[Step, Any, T]


def ask(statement: str, *values: Any) -> Steps[Rows]:
    """One query; its rows."""
    rows: Rows = yield Query(statement, values)
    return rows


def array(values: Iterable[object]) -> str:
    """Codes and numbers as one text that `::text[]` or `::int[]` reads; None is NULL.

    A driver that turns each element into bytes by itself takes longer for it
    than the whole statement takes. Not for words: nothing is quoted.
    """
    return _braced(["NULL" if value is None else str(value) for value in values])


def uuid_array(values: Iterable[UUID]) -> str:
    """The same, for `::uuid[]`."""
    return _braced([value.hex for value in values])


def bytes_array(values: Iterable[bytes]) -> str:
    """The same, for `::bytea[]`."""
    return _braced([f'"\\\\x{value.hex()}"' for value in values])


def _braced(elements: list[str]) -> str:
    return "{" + ",".join(elements) + "}"


def done(steps: Steps[T]) -> T:
    """Take all steps here and now, in the caller's transaction if there is one."""
    answer: Any = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as end:
            result: T = end.value
            return result
        answer = _taken(step)


def _taken(step: Step) -> Any:
    match step:
        case Query(statement, values):
            return _asked(statement, values)
        case Elsewhere(call):
            return call()
        case Afterwards(event):
            return events.publish(event)


def _asked(statement: str, values: tuple[Any, ...]) -> Rows:
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor: psycopg.Cursor[Any] = psycopg.Cursor(connection.connection)
        cursor.execute(statement, values, prepare=True, binary=True)
        return cursor.fetchall() if cursor.description else []
