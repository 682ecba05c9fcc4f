"""The end of a talk: closed, erased, its key destroyed."""

from uuid import UUID

from django.db import transaction

from chat.conversations.actions.pen import ENDED_BY, Author, locked, write_closing
from chat.conversations.events import Erased
from chat.conversations.models import Answers, Conversation
from chat.conversations.trail import note
from helpline import events
from helpline.audit.models import Verb
from helpline.errors import NotFound
from helpline.vault import actions as vault_actions

ClosedBy = Conversation.ClosedBy


@transaction.atomic
def close(*, conversation_id: UUID, by: ClosedBy, member_id: int | None = None) -> None:
    """End the talk for both sides. Closing a closed talk changes nothing.

    A counsellor (`member_id`) closes only a talk that is theirs.
    """
    conversation = locked(conversation_id)
    if member_id is not None and conversation.counsellor_id != member_id:
        raise NotFound
    if conversation.is_open:
        write_closing(conversation, by=by, member_id=member_id)
        note(
            Verb.CLOSED,
            conversation,
            member_id=member_id,
            by=ENDED_BY.get(by, Author.VISITOR),
            outcome=by,
        )


def erase(*, conversation_id: UUID, by_visitor: bool = True) -> None:
    """Destroy the talk's words and key at once, whatever its state. Safe to repeat.

    The rows go first, the key right after: if we are stopped in between, the
    sweep `finish_erasures` destroys the key within a minute.
    """
    with transaction.atomic():
        conversation = locked(conversation_id)
        first = not conversation.erased
        if conversation.is_open:
            write_closing(conversation, by=ClosedBy.ERASED)
        conversation.messages.all().delete()
        conversation.notes.all().delete()
        Answers.objects.filter(pk=conversation_id).delete()
        conversation.erased = True
        conversation.save(update_fields=["erased"])
        events.publish(Erased(conversation_id))
        if first:
            note(Verb.ERASED, conversation, by=Author.VISITOR if by_visitor else Author.HOUSE)
    shred(conversation_id=conversation_id, key_id=conversation.key_id)


def shred(*, conversation_id: UUID, key_id: UUID) -> None:
    """Destroy the key of an erased talk, and remember that it is done."""
    vault_actions.destroy(key_id=key_id)
    Conversation.objects.filter(pk=conversation_id, erased=True).update(shredded=True)
