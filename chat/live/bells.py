"""The names of the bells of a talk, and what they can say."""

from uuid import UUID

from helpline.live.announce import ring

ROW, ERASED, TALKS = "row", "erased", "talks"
TYPES = {"visitor": "visitortypes", "counsellor": "desktypes"}  # who writes


def talk_channel(conversation_id: UUID) -> str:
    """The bell of a talk: both ends hear it."""
    return f"talk.{conversation_id}"


def member_channel(member_id: int) -> str:
    """The bell of one member: their talks or their rights changed."""
    return f"member.{member_id}"


def ring_typing(*, conversation_id: UUID, by: str) -> None:
    """The other side may show that somebody writes; never what."""
    ring(talk_channel(conversation_id), TYPES[by])
