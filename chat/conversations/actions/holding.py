"""Who has the talk: claimed, given back, offered to a colleague, taken over."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from chat.conversations import refusals, trail
from chat.conversations.actions.pen import add_row, claimed_by, locked
from chat.conversations.events import CounsellorLeft, TransferOffered
from chat.conversations.models import Conversation, Message
from chat.conversations.pages import Head
from chat.conversations.trail import note
from helpline import events
from helpline.audit.models import Verb
from helpline.clock import now
from helpline.errors import NotFound

State = Conversation.State
Kind = Message.Kind
Author = Message.Author


@transaction.atomic
def assign(*, conversation_id: UUID, member_id: int) -> Conversation:
    """Give a waiting talk to one counsellor. Raises NotWaiting for everybody later."""
    conversation = locked(conversation_id)
    if conversation.state != State.WAITING:
        raise refusals.NotWaiting
    conversation.state = State.CLAIMED
    conversation.counsellor_id = member_id
    conversation.claimed_at = now()
    conversation.save(update_fields=["state", "counsellor", "claimed_at"])
    add_row(conversation, kind=Kind.CLAIMED, author=Author.COUNSELLOR, member_id=member_id)
    note(Verb.CLAIMED, conversation, member_id=member_id)
    return conversation


@transaction.atomic
def give_back(*, conversation_id: UUID, reason: str, member_id: int | None = None) -> None:
    """Return a claimed talk to the line, its waiting time kept. Raises NotClaimed."""
    conversation = locked(conversation_id)
    if member_id is not None and conversation.counsellor_id != member_id:
        raise NotFound
    if conversation.state != State.CLAIMED:
        raise refusals.NotClaimed
    former_id = conversation.counsellor_id
    conversation.state = State.WAITING
    conversation.counsellor = conversation.offered_to = conversation.claimed_at = None
    conversation.save(update_fields=["state", "counsellor", "offered_to", "claimed_at"])
    add_row(conversation, kind=Kind.RETURNED, author=Author.HOUSE, detail=reason)
    events.publish(CounsellorLeft(conversation_id, former_id))
    by = Author.HOUSE if member_id is None else Author.COUNSELLOR
    note(Verb.RELEASED, conversation, member_id=member_id, by=by, outcome=reason)


@transaction.atomic
def offer_transfer(*, conversation_id: UUID, member_id: int, to_id: int) -> None:
    """Ask a colleague to take over; the talk stays mine until they accept."""
    conversation = claimed_by(conversation_id, member_id)
    if to_id == member_id:
        raise refusals.NotOffered
    conversation.offered_to_id = to_id
    conversation.save(update_fields=["offered_to"])
    events.publish(TransferOffered(conversation_id, to_id))
    note(Verb.TRANSFER_OFFERED, conversation, member_id=member_id)


@transaction.atomic
def withdraw_offer(*, conversation_id: UUID, member_id: int) -> None:
    """Take the question back, or say no to it. Safe to repeat."""
    conversation = locked(conversation_id)
    if member_id not in (conversation.counsellor_id, conversation.offered_to_id):
        raise NotFound
    to_id, conversation.offered_to = conversation.offered_to_id, None
    conversation.save(update_fields=["offered_to"])
    if to_id is not None:
        events.publish(TransferOffered(conversation_id, to_id))


@transaction.atomic
def accept_transfer(*, conversation_id: UUID, member_id: int) -> None:
    """Take over what was offered to me; from this row on the former reads nothing more."""
    conversation = locked(conversation_id)
    if conversation.offered_to_id != member_id:
        raise NotFound
    former_id = conversation.counsellor_id
    conversation.counsellor_id, conversation.offered_to = member_id, None
    conversation.claimed_at = now()
    conversation.save(update_fields=["counsellor", "offered_to", "claimed_at"])
    add_row(conversation, kind=Kind.TRANSFERRED, author=Author.COUNSELLOR, member_id=member_id)
    events.publish(CounsellorLeft(conversation_id, former_id))
    note(Verb.TRANSFERRED, conversation, member_id=member_id)


def note_openings(*, openings: Collection[tuple[Head, int]]) -> None:
    """Write down that these counsellors open these talks, before a row of them leaves."""
    trail.note_openings(openings)
