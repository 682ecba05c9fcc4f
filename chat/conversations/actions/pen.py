"""The lock and the next number: what every verb of a talk writes with."""

from typing import Any
from uuid import UUID

from django.db.models import F

from chat.conversations import refusals
from chat.conversations.events import RowAdded
from chat.conversations.models import Conversation, Message
from helpline import events
from helpline.clock import now
from helpline.errors import NotFound

State = Conversation.State
ClosedBy = Conversation.ClosedBy
Kind = Message.Kind
Author = Message.Author
ENDED_BY = {
    ClosedBy.COUNSELLOR: Author.COUNSELLOR,
    ClosedBy.GONE: Author.HOUSE,
    ClosedBy.SILENT: Author.HOUSE,
}


def locked(conversation_id: UUID) -> Conversation:
    """The talk, held until the end of the transaction. Raises NotFound."""
    found = Conversation.objects.select_for_update(of=("self",)).filter(pk=conversation_id).first()
    if found is None:
        raise NotFound
    return found


def still_open(conversation_id: UUID) -> Conversation:
    """The talk, held, when it is not closed. Raises ConversationClosed."""
    conversation = locked(conversation_id)
    if not conversation.is_open:
        raise refusals.ConversationClosed
    return conversation


def claimed_by(conversation_id: UUID, member_id: int) -> Conversation:
    """The talk, held, when this counsellor has it. Raises NotFound or NotClaimed."""
    conversation = locked(conversation_id)
    if conversation.counsellor_id != member_id:
        raise NotFound
    if conversation.state != State.CLAIMED:
        raise refusals.NotClaimed
    return conversation


def write_closing(
    conversation: Conversation, *, by: ClosedBy, member_id: int | None = None
) -> None:
    """End a held talk and write its last row."""
    conversation.state = State.CLOSED
    conversation.closed_at, conversation.closed_by = now(), by
    conversation.offered_to = None
    conversation.save(update_fields=["state", "closed_at", "closed_by", "offered_to"])
    author = ENDED_BY.get(by, Author.VISITOR)
    add_row(conversation, kind=Kind.CLOSED, author=author, member_id=member_id, detail=by)


def add_row(conversation: Conversation, **row: Any) -> Message:
    """Write the next row. The caller holds the conversation's lock."""
    Conversation.objects.filter(pk=conversation.pk).update(last_number=F("last_number") + 1)
    conversation.last_number += 1
    message = Message.objects.create(
        conversation=conversation, number=conversation.last_number, **row
    )
    events.publish(
        RowAdded(conversation.pk, message.number, message.kind, conversation.counsellor_id)
    )
    return message
