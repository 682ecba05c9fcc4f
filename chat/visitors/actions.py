"""The visitor's verbs: come in, be there, leave."""

import secrets
from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from chat.conversations import actions as conversations
from chat.conversations.models import Conversation
from chat.visitors.models import Ticket
from chat.visitors.queries import SEEN_EVERY, digest_of
from chat.visitors.refusals import TicketGone
from helpline.clock import now


def hand_out(*, language: str) -> tuple[str, Ticket]:
    """A new ticket and its token (256 bits), which exists nowhere else."""
    token = secrets.token_urlsafe(32)
    ticket = Ticket.objects.create(
        digest=digest_of(token), csrf_secret=secrets.token_hex(16), language=language
    )
    return token, ticket


@transaction.atomic
def enter(*, ticket: Ticket) -> Conversation:
    """Open a talk for this ticket; the one that is open stays. We ask for nothing."""
    held = Ticket.objects.select_for_update(of=("self",)).filter(pk=ticket.pk).first()
    if held is None:
        raise TicketGone
    if held.conversation is not None and held.conversation.is_open:
        return held.conversation
    if held.conversation_id is not None:
        held.former = [*held.former, held.conversation_id]
    held.conversation = conversations.open_conversation(language=held.language)
    held.save(update_fields=["conversation", "former"])
    ticket.conversation = held.conversation
    return held.conversation


def erase(*, ticket: Ticket) -> None:
    """Destroy the words and keys of this visit: the talk of now and those before it."""
    for conversation_id in [ticket.conversation_id, *ticket.former]:
        if conversation_id is not None:
            conversations.erase(conversation_id=conversation_id)


def set_language(*, ticket: Ticket, language: str) -> None:
    """Speak this language from now on."""
    ticket.language = language
    Ticket.objects.filter(pk=ticket.pk).update(language=language)
    if ticket.conversation_id:
        conversations.speak(conversation_id=ticket.conversation_id, language=language)


@transaction.atomic
def mark_seen(*, digests: Collection[bytes]) -> None:
    """A sign of life of these tickets' visitors: they stay alive and are present.

    A ticket that is held at this moment is left until the next sign.
    """
    moment = now()
    due = Ticket.objects.filter(pk__in=digests, seen_at__lt=moment - SEEN_EVERY)
    free = due.select_for_update(skip_locked=True, of=("self",))
    found = dict(free.values_list("pk", "conversation_id"))
    Ticket.objects.filter(pk__in=found).update(seen_at=moment)
    conversations.mark_seen(conversation_ids=[talk for talk in found.values() if talk])


def leave(*, ticket: Ticket) -> None:
    """Gone at once: the ticket dies first, then the talk is closed for both."""
    conversation_id: UUID | None = ticket.conversation_id
    Ticket.objects.filter(pk=ticket.pk).delete()
    if conversation_id is not None:
        conversations.close(conversation_id=conversation_id, by=Conversation.ClosedBy.LEFT)


def sweep_tickets() -> int:
    """Forget tickets that are dead of age. Returns how many."""
    moment = now()
    dead = Q(seen_at__lt=moment - settings.TICKET_IDLE) | Q(
        made_at__lt=moment - settings.TICKET_ABSOLUTE
    )
    return Ticket.objects.filter(dead).delete()[0]
