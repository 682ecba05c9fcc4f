"""One row of a talk as its readers see it, pure."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Row:
    """What stands at one number: something said, or a change of state.

    `who` is the first name a counsellor chose, empty for the visitor and the
    house. `detail` is a code (why it was closed or returned). `client_id` is
    the sender's own id of the message.
    """

    number: int
    kind: str
    author: str
    who: str
    at: datetime
    text: str = ""
    detail: str = ""
    client_id: UUID | None = None


def place_of(talk: UUID | str, number: int) -> str:
    """Where the box of a row belongs."""
    return f"conversation:{talk}/message:{number}"


def copy_place(talk: UUID | str, number: int) -> str:
    """Where the sealed copy of a row belongs: on the road, never in a table."""
    return f"conversation:{talk}/message:{number}/copy"


def packed(row: Row, counsellor_id: int | None) -> str:
    """The row as text to seal: whose talk it was at that moment, and the row in JSON.

    The JSON is that of a row's frame, so that whoever opens the copy need not
    take it apart.
    """
    fields = {
        "number": row.number,
        "kind": row.kind,
        "author": row.author,
        "who": row.who,
        "at": row.at.isoformat().replace("+00:00", "Z"),
        "text": row.text,
        "detail": row.detail,
        "client_id": str(row.client_id),
    }
    return f"{counsellor_id or 0}\n{encode(fields)}"


def unpacked(text: str) -> tuple[str, int]:
    """The JSON of a row that was packed, and whose talk it was (0: nobody's yet)."""
    counsellor_id, _, fields = text.partition("\n")
    return fields, int(counsellor_id)


STATE_AFTER = {
    "waiting": "waiting",
    "claimed": "claimed",
    "returned": "waiting",
    "transferred": "claimed",
    "closed": "closed",
}


def state_after(kinds: list[str]) -> str:
    """The talk's state, read from the kinds of its rows in order."""
    state = "arriving"
    for kind in kinds:
        state = STATE_AFTER.get(kind, state)
    return state
