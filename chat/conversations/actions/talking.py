"""Come in, answer, wait, say: what fills a talk."""

from uuid import UUID

from django.conf import settings
from django.db import transaction

from chat.conversations import answers, queries, refusals
from chat.conversations.actions.pen import add_row, locked, refuse_flood, still_open
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
def post_message(
    *,
    conversation_id: UUID,
    author: Author,
    client_id: UUID,
    text: str,
    member_id: int | None = None,
) -> Message:
    """Seal `text` as the talk's next row; the same `client_id` again gives the same row.

    The row lock gives each message its own number, so a reader who knows the
    last number it saw can always ask for the rest. A counsellor must be the
    one the talk is with, checked under the same lock.
    """
    text = clean_text(text, longest=settings.LONGEST_MESSAGE)
    conversation = locked(conversation_id)
    known = conversation.messages.filter(author=author, client_id=client_id).first()
    if known and known.member_id == member_id:
        return known
    if known or (author == Author.COUNSELLOR and conversation.counsellor_id != member_id):
        raise NotFound
    if conversation.state not in (State.WAITING, State.CLAIMED):
        raise refusals.ConversationClosed
    refuse_flood(conversation)
    sent = {"author": author, "member_id": member_id, "client_id": client_id}
    return add_row(conversation, kind=Kind.SAID, box=sealed_next(conversation, text), **sent)


def sealed_next(conversation: Conversation, text: str) -> bytes:
    """`text`, sealed for the row that comes next in a held talk."""
    place = f"conversation:{conversation.pk}/message:{conversation.last_number + 1}"
    return vault.open_key(conversation.key_id).seal(text, place=place)


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


def mark_seen(*, conversation_id: UUID) -> None:
    """The visitor gave a sign of life just now."""
    Conversation.objects.filter(pk=conversation_id).update(visitor_seen_at=now())
