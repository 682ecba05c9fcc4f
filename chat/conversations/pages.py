"""The rows of many talks at once: the read end of the message path.

One statement asks how the talks stand, one fetches the rows of all who miss
some, and the boxes are opened with keys that are mostly at hand. A copy that
came with a knock is opened here too, without asking anybody.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chat.conversations.models import Conversation
from chat.conversations.rows import Row, copy_place, place_of, unpacked
from helpline.steps import array, ask, done, uuid_array
from helpline.vault import held
from helpline.vault.refusals import Tampered
from helpline.vault.sealing import SealingKey

PAGE = 200
ROWS = """
    SELECT asked.place, row.number, row.kind, row.author, member.alias, row.at, row.box,
           row.detail, row.client_id
      FROM unnest(%s::uuid[], %s::int[]) WITH ORDINALITY asked (talk, after, place)
      JOIN LATERAL (
           SELECT * FROM conversations_message
            WHERE conversation_id = asked.talk AND number > asked.after
            ORDER BY number LIMIT %s) row ON true
      LEFT JOIN staff_member member ON member.id = row.member_id
     ORDER BY asked.place, row.number
"""
HEADS = """
    SELECT id, key_id, state, last_number, erased FROM conversations_conversation
     WHERE id = ANY(%s::uuid[])
"""


class Head(NamedTuple):
    """What a reader's page needs to know of a talk beside its rows."""

    id: UUID
    key_id: UUID
    state: str
    last_number: int
    erased: bool


def heads(talks: Collection[UUID]) -> dict[UUID, Head]:
    """The heads of these talks, by one query."""
    return {row[0]: Head(*row) for row in done(ask(HEADS, uuid_array(talks)))}


def head_of(talk: Conversation) -> Head:
    """The head of a talk that was read whole."""
    return Head(talk.pk, talk.key_id, talk.state, talk.last_number, talk.erased)


def rows_of(wanted: Sequence[tuple[Head, int]], *, limit: int = PAGE) -> list[list[Row] | None]:
    """The rows of many talks, each after a number of its own; None for a talk that was erased.

    Each list is in order, without a gap from the number that was asked, and
    at most `limit` long.
    """
    stored: list[list[Stored]] = [[] for _ in wanted]
    for place, row in _stored(wanted, limit):
        stored[place - 1].append(row)
    sealed = {talk.key_id for (talk, _), rows in zip(wanted, stored, strict=True) if _boxes(rows)}
    keys = held.open_keys(sealed)
    return [
        [_row(talk.id, row, keys.get(talk.key_id)) for row in rows]
        if talk.key_id in keys or talk.key_id not in sealed
        else None
        for (talk, _), rows in zip(wanted, stored, strict=True)
    ]


class Stored(NamedTuple):
    """A row as it lies in the table, with its writer's first name."""

    number: int
    kind: str
    author: str
    who: str | None
    at: datetime
    box: bytes | None
    detail: str
    client_id: UUID | None


def _stored(wanted: Sequence[tuple[Head, int]], limit: int) -> Iterable[tuple[int, Stored]]:
    """The stored rows, by one statement for all talks, each with its place among the wanted."""
    if not wanted:
        return
    asked = uuid_array(talk.id for talk, _ in wanted), array(after for _, after in wanted)
    for place, *row in done(ask(ROWS, *asked, limit)):
        yield place, Stored(*row)


def _boxes(rows: list[Stored]) -> bool:
    return any(row.box is not None for row in rows)


def _row(talk: UUID, stored: Stored, key: SealingKey | None) -> Row:
    text = ""
    if stored.box is not None and key is not None:
        text = key.open(stored.box, place=place_of(talk, stored.number))
    return Row(
        number=stored.number,
        kind=stored.kind,
        author=stored.author,
        who=stored.who or "",
        at=stored.at,
        text=text,
        detail=stored.detail,
        client_id=stored.client_id,
    )


def opened_copy(*, key_id: UUID, talk: str, number: int, copy: bytes) -> tuple[str, int] | None:
    """The JSON of the row in a sealed copy and whose talk it was; None when it does not open here.

    Asks nobody: a key that is not at hand, or a copy that is not ours, means
    that the row must be fetched.
    """
    key = held.at_hand(key_id)
    if key is None:
        return None
    try:
        return unpacked(key.open(copy, place=copy_place(talk, number)))
    except Tampered:
        return None
