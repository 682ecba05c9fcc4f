"""Sweeps that make sure what the verbs promised."""

from celery import shared_task
from django.conf import settings

from chat.conversations import actions
from chat.conversations.models import Conversation
from helpline.clock import now


@shared_task
def close_abandoned() -> int:
    """Close talks whose visitor did not come back in time. Returns how many."""
    limit = now() - settings.VISITOR_SILENT_CLOSE
    gone = Conversation.objects.all().unseen_since(limit).values_list("pk", flat=True)
    for conversation_id in list(gone):
        actions.close(conversation_id=conversation_id, by=Conversation.ClosedBy.GONE)
    return len(gone)


@shared_task
def finish_erasures() -> int:
    """Destroy keys whose words are gone already. Returns how many."""
    left = Conversation.objects.filter(erased=True, shredded=False).values_list("pk", "key_id")
    for conversation_id, key_id in list(left):
        actions.shred(conversation_id=conversation_id, key_id=key_id)
    return len(left)


@shared_task
def shred_due() -> int:
    """Erase talks that closed two weeks ago, as the door promises. Returns how many."""
    closed = Conversation.objects.all().closed_before(now() - settings.SHRED_AFTER)
    due = list(closed.filter(erased=False).values_list("pk", flat=True))
    for conversation_id in due:
        actions.erase(conversation_id=conversation_id, by_visitor=False)
    return len(due)
