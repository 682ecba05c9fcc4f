"""Who rings which bell when a talk changes."""

from chat.conversations.events import CounsellorLeft, Erased, RowAdded, Said, TransferOffered
from chat.live.bells import ERASED, ROW, TALKS, member_channel, talk_channel
from helpline.live.announce import ring
from helpline.staff.events import MemberRevoked, SessionEnded


def ring_said(event: Said) -> None:
    """Both ends of the talk show this row, or fetch it."""
    ring(talk_channel(event.conversation_id), ROW, event.number, event.copy)


def ring_row(event: RowAdded) -> None:
    """Both ends of the talk fetch up to this number; a new counsellor looks at their talks."""
    ring(talk_channel(event.conversation_id), ROW, event.number)
    if event.counsellor_id is not None:
        ring(member_channel(event.counsellor_id), TALKS)


def ring_left(event: CounsellorLeft) -> None:
    """The former counsellor looks at their talks: this one is gone."""
    if event.counsellor_id is not None:
        ring(member_channel(event.counsellor_id), TALKS)


def ring_erased(event: Erased) -> None:
    """Both ends clear what they show."""
    ring(talk_channel(event.conversation_id), ERASED)


def ring_offer(event: TransferOffered) -> None:
    """The colleague who is asked sees it at once."""
    ring(member_channel(event.to_id), TALKS)


def ring_revoked(event: MemberRevoked | SessionEnded) -> None:
    """This member's rights changed: every socket of theirs asks again whether it may stay."""
    ring(member_channel(event.member_id), TALKS)
