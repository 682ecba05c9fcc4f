"""What may be read of a talk, and by whom. Reading never writes."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from chat.conversations import pages
from chat.conversations.models import Answers, Conversation, Note
from chat.conversations.pages import Head
from chat.conversations.rows import Row
from helpline.clock import now
from helpline.errors import NotFound
from helpline.vault import queries as vault
from helpline.vault.refusals import Shredded

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


def heads_for(asked: Collection[tuple[UUID, int]]) -> dict[tuple[UUID, int], Head]:
    """Those of these talks that these counsellors may read now, by (talk, member id)."""
    columns = "pk", "key_id", "state", "last_number", "erased", "counsellor_id"
    found = readable().filter(pk__in={talk for talk, _ in asked}).values_list(*columns)
    mine = {(row[0], row[5]): Head(*row[:5]) for row in found}
    return {key: head for key, head in mine.items() if key in asked}


def readable_by_each(member_ids: Collection[int]) -> dict[int, list[UUID]]:
    """The talks that each of these counsellors may read now, oldest first."""
    found: dict[int, list[UUID]] = {}
    mine = readable().filter(counsellor_id__in=member_ids).order_by("claimed_at", "pk")
    for talk, member_id in mine.values_list("pk", "counsellor_id"):
        found.setdefault(member_id, []).append(talk)
    return found


def was_erased(*, conversation_id: UUID, member_id: int) -> bool:
    """Whether this was a talk of this counsellor that is wiped."""
    mine = Conversation.objects.filter(pk=conversation_id, counsellor_id=member_id)
    return mine.filter(erased=True).exists()


def readable() -> QuerySet[Conversation]:
    """Talks that their counsellor may read: held, or closed so short ago that it is registered."""
    recent = now() - READABLE_AFTER_CLOSING
    return Conversation.objects.filter(erased=False).filter(
        Q(state=Conversation.State.CLAIMED) | Q(closed_at__gte=recent)
    )


def readable_by(member_id: int) -> QuerySet[Conversation]:
    """My talks that I may read now."""
    return readable().filter(counsellor_id=member_id)


def rows(*, conversation: Conversation, after: int, limit: int = pages.PAGE) -> list[Row]:
    """The rows after number `after`, in order, at most `limit` of them.

    Raises Shredded when the talk was erased meanwhile.
    """
    (found,) = pages.rows_of([(pages.head_of(conversation), after)], limit=limit)
    if found is None:
        raise Shredded
    return found


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
