"""Come in, answer, wait, note: what goes on beside the messages."""

from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.db import transaction

from chat.conversations import answers, queries, refusals
from chat.conversations.actions.pen import add_row, locked, still_open
from chat.conversations.events import Answered
from chat.conversations.models import Answers, Conversation, Message, Note
from chat.conversations.rules import clean_text
from chat.conversations.trail import note
from helpline import events
from helpline.audit.models import Verb
from helpline.clock import now
from helpline.errors import NotFound
from helpline.vault import actions as vault_actions
from helpline.vault import queries as vault

State = Conversation.State
Kind = Message.Kind
Author = Message.Author


def open_conversation(*, language: str) -> Conversation:
    """Open a talk with a key of its own. The key is safe before the row exists."""
    key_id = vault_actions.forge()
    with transaction.atomic():
        conversation = Conversation.objects.create(key_id=key_id, language=language)
        Answers.objects.create(conversation=conversation)
    return conversation


def speak(*, conversation_id: UUID, language: str) -> None:
    """The visitor chose another language while the talk is open."""
    Conversation.objects.filter(pk=conversation_id).exclude(state=State.CLOSED).update(
        language=language
    )


@transaction.atomic
def answer(*, conversation_id: UUID, question: str, code: str) -> None:
    """Keep the code of one answer. Raises UnknownAnswer."""
    if not answers.allowed(question, code):
        raise refusals.UnknownAnswer
    still_open(conversation_id)
    Answers.objects.filter(pk=conversation_id).update(**{question: code})
    events.publish(Answered(conversation_id))


@transaction.atomic
def start_waiting(*, conversation_id: UUID) -> None:
    """The visitor is through the questions and joins the line. Safe to repeat."""
    conversation = still_open(conversation_id)
    if conversation.state != State.ARRIVING:
        return
    conversation.state = State.WAITING
    conversation.waiting_since = now()
    conversation.save(update_fields=["state", "waiting_since"])
    add_row(conversation, kind=Kind.WAITING, author=Author.VISITOR)


@transaction.atomic
def add_note(*, conversation_id: UUID, member_id: int, text: str) -> Note:
    """Seal a note beside the talk; only its counsellor writes there."""
    text = clean_text(text, longest=settings.LONGEST_MESSAGE)
    conversation = locked(conversation_id)
    if not queries.readable_by(member_id).filter(pk=conversation_id).exists():
        raise NotFound
    written = Note(conversation=conversation, member_id=member_id)
    written.box = vault.open_key(conversation.key_id).seal(text, place=str(written))
    written.save(force_insert=True)
    note(Verb.NOTED, conversation, member_id=member_id)
    return written


@transaction.atomic
def mark_seen(*, conversation_ids: Collection[UUID]) -> None:
    """The visitors of these talks gave a sign of life just now.

    A talk that somebody writes in at this moment is left until the next sign:
    no visitor's sign of life waits for another talk.
    """
    free = Conversation.objects.select_for_update(skip_locked=True, of=("self",))
    found = list(free.filter(pk__in=conversation_ids).values_list("pk", flat=True))
    Conversation.objects.filter(pk__in=found).update(visitor_seen_at=now())
