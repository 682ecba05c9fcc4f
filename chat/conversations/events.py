"""What a talk tells the house: ids, numbers, codes and sealed boxes, never a word."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID


@dataclass(frozen=True)
class RowAdded:
    """A change of the talk stands at `number`.

    `counsellor_id` is whose talk it is after this row, or was until it.
    """

    conversation_id: UUID
    number: int
    kind: str
    counsellor_id: int | None = None


class Said(NamedTuple):
    """Somebody said something; it stands at `number`.

    `copy` is the row sealed under the talk's key, for readers who have that
    key. Whoever hears of it is on the message path and must not wait.
    """

    conversation_id: UUID
    number: int
    copy: bytes


@dataclass(frozen=True)
class Answered:
    """The visitor answered or skipped one of the questions."""

    conversation_id: UUID


@dataclass(frozen=True)
class TransferOffered:
    """A counsellor asked a colleague to take over, or took that back."""

    conversation_id: UUID
    to_id: int


@dataclass(frozen=True)
class CounsellorLeft:
    """The talk is no longer with this counsellor: it went back, or to a colleague."""

    conversation_id: UUID
    counsellor_id: int | None


@dataclass(frozen=True)
class Erased:
    """The talk's words and key are gone; whoever shows them must stop."""

    conversation_id: UUID
