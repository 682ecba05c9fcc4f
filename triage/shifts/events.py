"""What the shift tells the house."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PresenceChanged:
    """Somebody of the team came, went, or takes a pause."""

    member_id: int


@dataclass(frozen=True)
class DoorMoved:
    """The door was closed or opened by hand, or the hours changed."""
