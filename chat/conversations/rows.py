"""One row of a talk as its readers see it, pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


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
