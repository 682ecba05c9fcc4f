"""The statements of the message path: look, and write what still holds.

Unusual on purpose, for they are asked for every message (docs/performance.md
has the measurements). They are written by hand and prepared once: planning
them costs more than doing them, and the ORM's way to write a row as much as all
the rest. A group of messages costs two of them, however many it has: nothing
is locked between looking and writing. The write itself locks each talk, and
writes only where nothing has happened since we looked: whatever happens in a
talk moves its last number on. All boxes travel as one long value that is cut
in the database: an array of byte strings is slow to take apart.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any, NamedTuple
from uuid import UUID

from helpline.steps import Steps, array, ask, uuid_array

HOLD = """
    SELECT FROM conversations_conversation
     WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""
LOOK = """
    SELECT id, key_id, state, counsellor_id, NULL::timestamptz, last_number,
           (SELECT alias FROM staff_member WHERE id = talk.counsellor_id)
      FROM conversations_conversation talk WHERE id = ANY(%s::uuid[])
     UNION ALL
    SELECT row.conversation_id, row.client_id, row.author, row.member_id, row.at, row.number, NULL
      FROM unnest(%s::uuid[], %s::text[], %s::uuid[]) asked (talk, author, client)
      JOIN conversations_message row
        ON (row.conversation_id, row.author, row.client_id)
         = (asked.talk, asked.author, asked.client)
"""
YOUNG = """
    SELECT row.conversation_id
      FROM unnest(%s::uuid[], %s::int[]) asked (talk, number)
      JOIN conversations_message row
        ON (row.conversation_id, row.number) = (asked.talk, asked.number)
     WHERE row.at > %s
"""
WRITE = """
    WITH free AS MATERIALIZED (
         SELECT talk.id, told.last_number
           FROM conversations_conversation talk
           JOIN unnest(%s::uuid[], %s::int[], %s::int[]) told (id, looked_at, last_number)
             ON told.id = talk.id
          WHERE talk.id = ANY(%s::uuid[]) AND talk.last_number = told.looked_at
            FOR NO KEY UPDATE OF talk SKIP LOCKED),
    moved_on AS (
         UPDATE conversations_conversation talk SET last_number = free.last_number
           FROM free WHERE talk.id = free.id RETURNING talk.id),
    written AS (
         INSERT INTO conversations_message
                (conversation_id, number, kind, author, member_id, client_id, detail, box, at)
         SELECT line.talk, line.number, 'said', line.author, line.member, line.client, '',
                substring(%s::bytea FROM line.start FOR line.size), %s
           FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::bigint[], %s::uuid[], %s::int[],
                       %s::int[])
             AS line (talk, number, author, member, client, start, size)
          WHERE line.talk IN (SELECT id FROM moved_on))
    SELECT id FROM moved_on
"""

Mark = tuple[UUID, str, UUID]  # talk, author, client id: what makes it this message


@dataclass(slots=True)
class Talk:
    """A talk as it was when we looked, and its last number with what we add."""

    id: UUID
    key_id: UUID
    state: str
    counsellor_id: int | None
    looked_at: int
    alias: str | None
    last_number: int


class Known(NamedTuple):
    """A message that stands already."""

    member_id: int | None
    at: datetime
    number: int


class Line(NamedTuple):
    """A message on its way into the table."""

    talk: UUID
    number: int
    author: str
    member_id: int | None
    client_id: UUID
    box: bytes


def hold(talks: Collection[UUID]) -> Steps[None]:
    """Wait until these talks are ours, and hold them until the end of the transaction."""
    yield from ask(HOLD, uuid_array(talks))


def look(
    talks: Collection[UUID], marks: Collection[Mark]
) -> Steps[tuple[dict[UUID, Talk], dict[Mark, Known]]]:
    """How these talks stand, and which of these messages stand in them already."""
    asked, authors, clients = zip(*marks, strict=True)
    rows = yield from ask(
        LOOK, uuid_array(talks), uuid_array(asked), array(authors), uuid_array(clients)
    )
    return (
        {row[0]: _talk(row) for row in rows if row[4] is None},
        {(row[0], row[2], row[1]): Known(*row[3:6]) for row in rows if row[4] is not None},
    )


def _talk(row: tuple[Any, ...]) -> Talk:
    talk_id, key_id, state, counsellor_id, _, last_number, alias = row
    return Talk(talk_id, key_id, state, counsellor_id, last_number, alias, last_number)


def younger(rows: Sequence[tuple[UUID, int]], than: datetime) -> Steps[set[UUID]]:
    """The talks whose row of that number was written after `than`."""
    if not rows:
        return set()
    talks, numbers = zip(*rows, strict=True)
    found = yield from ask(YOUNG, uuid_array(talks), array(numbers), than)
    return {row[0] for row in found}


def write(talks: Collection[Talk], lines: Sequence[Line], at: datetime) -> Steps[set[UUID]]:
    """Write messages where nothing has happened since we looked; the talks where that was so.

    A talk that somebody else holds is not waited for: there nothing is written.
    """
    if not lines:
        return set()
    ids = uuid_array(talk.id for talk in talks)
    looked_at = array(talk.looked_at for talk in talks)
    last_number = array(talk.last_number for talk in talks)
    of_talk, numbers, authors, members, clients, boxes = zip(*lines, strict=True)
    sizes = [len(box) for box in boxes]
    rows = yield from ask(
        WRITE,
        *(ids, looked_at, last_number, ids),  # twice: only a list of its own finds the index
        *(b"".join(boxes), at),
        *(uuid_array(of_talk), array(numbers), array(authors), array(members)),
        *(uuid_array(clients), array(accumulate(sizes[:-1], initial=1)), array(sizes)),
    )
    return {row[0] for row in rows}
