"""What the door and the waiting room say about the line.

Chat does not know who keeps the line. `helpline.wiring` hands in two
functions; without them the door is honest about knowing nothing.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Door:
    """The opening state: open, busy or closed; `waiting` people, a range of minutes.

    `staffed` says whether a counsellor is there at this moment: "nobody is
    here" is another thing than "everybody is busy".
    """

    open: bool = True
    waiting: int = 0
    low: int | None = None
    high: int | None = None
    opens_at: datetime | None = None
    staffed: bool = True

    @property
    def state(self) -> str:
        return "closed" if not self.open else "busy" if self.waiting else "open"


@dataclass(frozen=True)
class Place:
    """How many present visitors are ahead of me, and a range of minutes if known."""

    ahead: int
    low: int | None = None
    high: int | None = None


def _no_door() -> Door:
    return Door()


def _no_places(conversation_ids: Collection[UUID]) -> dict[UUID, Place]:
    return {}


Places = Callable[[Collection[UUID]], dict[UUID, Place]]
_door: Callable[[], Door] = _no_door
_places: Places = _no_places


def connect(*, door: Callable[[], Door], places: Places) -> None:
    """Say who keeps the door and the line."""
    global _door, _places
    _door, _places = door, places


def door() -> Door:
    """The opening state now."""
    return _door()


def place_of(conversation_id: UUID) -> Place | None:
    """The place in the line of a waiting talk, or None when it does not wait."""
    return _places([conversation_id]).get(conversation_id)


def places_of(conversation_ids: Collection[UUID]) -> dict[UUID, Place]:
    """The places of those of these talks that wait, from one look at the line."""
    return _places(conversation_ids)
