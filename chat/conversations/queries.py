"""What may be read of a talk, and by whom. Reading never writes."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from chat.conversations.models import Answers, Conversation, Message, Note
from chat.conversations.rows import Row
from helpline.clock import now
from helpline.errors import NotFound
from helpline.vault import queries as vault
from helpline.vault.sealing import SealingKey

PAGE = 200
READABLE_AFTER_CLOSING = timedelta(hours=1)  # to finish notes and the registration


def get(conversation_id: UUID) -> Conversation:
    """The talk itself. Raises NotFound."""
    found = Conversation.objects.filter(pk=conversation_id).first()
    if found is None:
        raise NotFound
    return found


def for_counsellor(*, conversation_id: UUID, member_id: int) -> Conversation:
    """The talk, when this counsellor may read it now. Raises NotFound otherwise."""
    found = readable_by(member_id).filter(pk=conversation_id).first()
    if found is None:
        raise NotFound
    return found


def was_erased(*, conversation_id: UUID, member_id: int) -> bool:
    """Whether this was a talk of this counsellor that is wiped."""
    mine = Conversation.objects.filter(pk=conversation_id, counsellor_id=member_id)
    return mine.filter(erased=True).exists()


def readable_by(member_id: int) -> QuerySet[Conversation]:
    """My talks: those I hold, and those closed so short ago that I still register them."""
    recent = now() - READABLE_AFTER_CLOSING
    return Conversation.objects.filter(counsellor_id=member_id, erased=False).filter(
        Q(state=Conversation.State.CLAIMED) | Q(closed_at__gte=recent)
    )


def rows(*, conversation: Conversation, after: int, limit: int = PAGE) -> list[Row]:
    """The rows after number `after`, in order, at most `limit` of them.

    Raises Shredded when the talk was erased meanwhile.
    """
    found = list(
        conversation.messages.filter(number__gt=after)
        .select_related("member")
        .order_by("number")[:limit]
    )
    key = vault.open_key(conversation.key_id) if any(row.box for row in found) else None
    return [_row(message, key) for message in found]


def _row(message: Message, key: SealingKey | None) -> Row:
    text = key.open(bytes(message.box), place=str(message)) if key and message.box else ""
    return Row(
        number=message.number,
        kind=message.kind,
        author=message.author,
        who=message.member.alias if message.member else "",
        at=message.at,
        text=text,
        detail=message.detail,
        client_id=message.client_id,
    )


def notes(*, conversation: Conversation) -> list[tuple[Note, str]]:
    """The notes beside a talk with their text, oldest first."""
    found = list(conversation.notes.order_by("at"))
    if not found:
        return []
    key = vault.open_key(conversation.key_id)
    return [(note, key.open(bytes(note.box), place=str(note))) for note in found]


def answers(conversation_id: UUID) -> Answers | None:
    """The coded answers, or None when they are gone."""
    return Answers.objects.filter(pk=conversation_id).first()


def keys_in_use() -> Iterable[UUID]:
    """The keys of talks that are not erased: the sweep destroys the others."""
    return Conversation.objects.filter(erased=False).values_list("key_id", flat=True).iterator()
