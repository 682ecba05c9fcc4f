"""The verbs of a talk. Only here is a talk written."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from chat.conversations import answers, refusals
from chat.conversations.events import Answered, CounsellorLeft, Erased, RowAdded, TransferOffered
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
ClosedBy = Conversation.ClosedBy


def open_conversation(*, language: str) -> Conversation:
    """Open a talk with a key of its own. The key is safe before the row exists."""
    key_id = vault_actions.forge()
    with transaction.atomic():
        conversation = Conversation.objects.create(key_id=key_id, language=language)
        Answers.objects.create(conversation=conversation)
    return conversation


@transaction.atomic
def answer(*, conversation_id: UUID, question: str, code: str) -> None:
    """Keep the code of one answer. Raises UnknownAnswer."""
    if not answers.allowed(question, code):
        raise refusals.UnknownAnswer
    _open(conversation_id)
    Answers.objects.filter(pk=conversation_id).update(**{question: code})
    events.publish(Answered(conversation_id))


@transaction.atomic
def start_waiting(*, conversation_id: UUID) -> None:
    """The visitor is through the questions and joins the line. Safe to repeat."""
    conversation = _open(conversation_id)
    if conversation.state != State.ARRIVING:
        return
    conversation.state = State.WAITING
    conversation.waiting_since = now()
    conversation.save(update_fields=["state", "waiting_since"])
    _add_row(conversation, kind=Kind.WAITING, author=Author.VISITOR)


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
    conversation = _locked(conversation_id)
    known = conversation.messages.filter(author=author, client_id=client_id).first()
    if known and known.member_id == member_id:
        return known
    if known or (author == Author.COUNSELLOR and conversation.counsellor_id != member_id):
        raise NotFound
    if conversation.state not in (State.WAITING, State.CLAIMED):
        raise refusals.ConversationClosed
    place = f"conversation:{conversation.pk}/message:{conversation.last_number + 1}"
    box = vault.open_key(conversation.key_id).seal(text, place=place)
    return _add_row(
        conversation,
        kind=Kind.SAID,
        author=author,
        member_id=member_id,
        client_id=client_id,
        box=box,
    )


@transaction.atomic
def add_note(*, conversation_id: UUID, member_id: int, text: str) -> Note:
    """Seal a note beside the talk; only its counsellor writes there."""
    text = clean_text(text, longest=settings.LONGEST_MESSAGE)
    conversation = _locked(conversation_id)
    if conversation.counsellor_id != member_id or conversation.erased:
        raise NotFound
    written = Note(conversation=conversation, member_id=member_id)
    written.box = vault.open_key(conversation.key_id).seal(text, place=str(written))
    written.save(force_insert=True)
    note(Verb.NOTED, conversation, member_id=member_id)
    return written


@transaction.atomic
def assign(*, conversation_id: UUID, member_id: int) -> Conversation:
    """Give a waiting talk to one counsellor. Raises NotWaiting for everybody later."""
    conversation = _locked(conversation_id)
    if conversation.state != State.WAITING:
        raise refusals.NotWaiting
    conversation.state = State.CLAIMED
    conversation.counsellor_id = member_id
    conversation.claimed_at = now()
    conversation.save(update_fields=["state", "counsellor", "claimed_at"])
    _add_row(conversation, kind=Kind.CLAIMED, author=Author.COUNSELLOR, member_id=member_id)
    note(Verb.CLAIMED, conversation, member_id=member_id)
    return conversation


@transaction.atomic
def give_back(*, conversation_id: UUID, reason: str, member_id: int | None = None) -> None:
    """Return a claimed talk to the line, its waiting time kept. Raises NotClaimed."""
    conversation = _locked(conversation_id)
    if member_id is not None and conversation.counsellor_id != member_id:
        raise NotFound
    if conversation.state != State.CLAIMED:
        raise refusals.NotClaimed
    former_id = conversation.counsellor_id
    conversation.state = State.WAITING
    conversation.counsellor = conversation.offered_to = conversation.claimed_at = None
    conversation.save(update_fields=["state", "counsellor", "offered_to", "claimed_at"])
    _add_row(conversation, kind=Kind.RETURNED, author=Author.HOUSE, detail=reason)
    events.publish(CounsellorLeft(conversation_id, former_id))
    note(Verb.RELEASED, conversation, member_id=member_id, outcome=reason)


@transaction.atomic
def offer_transfer(*, conversation_id: UUID, member_id: int, to_id: int) -> None:
    """Ask a colleague to take over; the talk stays mine until they accept."""
    conversation = _claimed_by(conversation_id, member_id)
    if to_id == member_id:
        raise refusals.NotOffered
    conversation.offered_to_id = to_id
    conversation.save(update_fields=["offered_to"])
    events.publish(TransferOffered(conversation_id, to_id))
    note(Verb.TRANSFER_OFFERED, conversation, member_id=member_id)


@transaction.atomic
def withdraw_offer(*, conversation_id: UUID, member_id: int) -> None:
    """Take the question back, or say no to it. Safe to repeat."""
    conversation = _locked(conversation_id)
    if member_id not in (conversation.counsellor_id, conversation.offered_to_id):
        raise NotFound
    to_id, conversation.offered_to = conversation.offered_to_id, None
    conversation.save(update_fields=["offered_to"])
    if to_id is not None:
        events.publish(TransferOffered(conversation_id, to_id))


@transaction.atomic
def accept_transfer(*, conversation_id: UUID, member_id: int) -> None:
    """Take over what was offered to me; from this row on the former reads nothing more."""
    conversation = _locked(conversation_id)
    if conversation.offered_to_id != member_id:
        raise NotFound
    former_id = conversation.counsellor_id
    conversation.counsellor_id, conversation.offered_to = member_id, None
    conversation.claimed_at = now()
    conversation.save(update_fields=["counsellor", "offered_to", "claimed_at"])
    _add_row(conversation, kind=Kind.TRANSFERRED, author=Author.COUNSELLOR, member_id=member_id)
    events.publish(CounsellorLeft(conversation_id, former_id))
    note(Verb.TRANSFERRED, conversation, member_id=member_id)


@transaction.atomic
def close(*, conversation_id: UUID, by: ClosedBy, member_id: int | None = None) -> None:
    """End the talk for both sides. Closing a closed talk changes nothing.

    A counsellor (`member_id`) closes only a talk that is theirs.
    """
    conversation = _locked(conversation_id)
    if member_id is not None and conversation.counsellor_id != member_id:
        raise NotFound
    if conversation.is_open:
        _close(conversation, by=by, member_id=member_id)
        note(Verb.CLOSED, conversation, member_id=member_id, outcome=by)


def note_opening(*, conversation: Conversation, member_id: int) -> None:
    """Write down that this counsellor opens the talk, before a row of it leaves."""
    note(Verb.OPENED_TALK, conversation, member_id=member_id)


def erase(*, conversation_id: UUID) -> None:
    """Destroy the talk's words and key at once, whatever its state. Safe to repeat.

    The rows go first, the key right after: if we are stopped in between, the
    sweep `finish_erasures` destroys the key within a minute.
    """
    with transaction.atomic():
        conversation = _locked(conversation_id)
        first = not conversation.erased
        if conversation.is_open:
            _close(conversation, by=ClosedBy.ERASED)
        conversation.messages.all().delete()
        conversation.notes.all().delete()
        Answers.objects.filter(pk=conversation_id).delete()
        conversation.erased = True
        conversation.save(update_fields=["erased"])
        events.publish(Erased(conversation_id))
        if first:
            note(Verb.ERASED, conversation)
    shred(conversation_id=conversation_id, key_id=conversation.key_id)


def shred(*, conversation_id: UUID, key_id: UUID) -> None:
    """Destroy the key of an erased talk, and remember that it is done."""
    vault_actions.destroy(key_id=key_id)
    Conversation.objects.filter(pk=conversation_id, erased=True).update(shredded=True)


def mark_seen(*, conversation_id: UUID) -> None:
    """The visitor gave a sign of life just now."""
    Conversation.objects.filter(pk=conversation_id).update(visitor_seen_at=now())


def _locked(conversation_id: UUID) -> Conversation:
    found = Conversation.objects.select_for_update(of=("self",)).filter(pk=conversation_id).first()
    if found is None:
        raise NotFound
    return found


def _open(conversation_id: UUID) -> Conversation:
    conversation = _locked(conversation_id)
    if not conversation.is_open:
        raise refusals.ConversationClosed
    return conversation


def _claimed_by(conversation_id: UUID, member_id: int) -> Conversation:
    conversation = _locked(conversation_id)
    if conversation.counsellor_id != member_id:
        raise NotFound
    if conversation.state != State.CLAIMED:
        raise refusals.NotClaimed
    return conversation


def _close(conversation: Conversation, *, by: ClosedBy, member_id: int | None = None) -> None:
    conversation.state = State.CLOSED
    conversation.closed_at, conversation.closed_by = now(), by
    conversation.offered_to = None
    conversation.save(update_fields=["state", "closed_at", "closed_by", "offered_to"])
    author = {ClosedBy.COUNSELLOR: Author.COUNSELLOR, ClosedBy.GONE: Author.HOUSE}.get(
        by, Author.HOUSE if by == ClosedBy.SILENT else Author.VISITOR
    )
    _add_row(conversation, kind=Kind.CLOSED, author=author, member_id=member_id, detail=by)


def _add_row(conversation: Conversation, **row: Any) -> Message:
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
