"""The names of the bells of a talk, and what they can say."""

from uuid import UUID

from helpline.live.announce import ring

ROW, TYPING, ERASED, TALKS = "row", "typing", "erased", "talks"


def talk_channel(conversation_id: UUID, *, side: str = "") -> str:
    """The bell of a talk; with `side` the bell only that side hears."""
    return f"talk.{conversation_id}.{side}" if side else f"talk.{conversation_id}"


def member_channel(member_id: int) -> str:
    """The bell of one member: their talks or their rights changed."""
    return f"member.{member_id}"


def ring_typing(*, conversation_id: UUID, by: str) -> None:
    """The other side may show that somebody writes; never what."""
    other = "counsellor" if by == "visitor" else "visitor"
    ring(talk_channel(conversation_id, side=other), TYPING)
