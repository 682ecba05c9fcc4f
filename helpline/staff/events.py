"""What the staff room tells the house after the commit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MemberRevoked:
    """A member's sessions are gone: whatever they have open must close now."""

    member_id: int


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """One session of a member signed out; `session` is the digest of its key."""

    member_id: int
    session: str
