"""What the assessing of talks tells the house."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Assessed:
    """A talk has another level, or other reasons, than before."""

    conversation_id: UUID
