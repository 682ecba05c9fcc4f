"""Assess a talk, and forget it when its words are erased."""

from uuid import UUID

from django.db import transaction

from chat.conversations import queries as conversations
from chat.conversations.models import Conversation
from helpline import events
from triage.risk.events import Assessed
from triage.risk.models import Assessment
from triage.risk.scoring import Scored, raised, score


@transaction.atomic
def assess(*, conversation_id: UUID) -> Scored | None:
    """Score the talk's answers now. Up by itself, down never; safe to repeat.

    None when there is nothing to score: the answers are gone.
    """
    answers = conversations.answers(conversation_id)
    if answers is None:
        return None
    Assessment.objects.get_or_create(conversation_id=conversation_id)
    assessment = Assessment.objects.select_for_update().get(pk=conversation_id)
    before, after = assessment.scored, raised(assessment.scored, score(answers))
    if after != before:
        assessment.level, assessment.reasons = after.level, list(after.reasons)
        assessment.save(update_fields=["level", "reasons"])
        events.publish(Assessed(conversation_id))
    return after


def assess_waiting() -> int:
    """Assess whoever waits and was not assessed yet. Returns how many."""
    missed = Conversation.objects.filter(
        state=Conversation.State.WAITING, assessment__isnull=True
    ).values_list("pk", flat=True)
    return sum(assess(conversation_id=pk) is not None for pk in list(missed))


def forget(*, conversation_id: UUID) -> None:
    """The answers are gone, and so is what they led to. Safe to repeat."""
    Assessment.objects.filter(pk=conversation_id).delete()


def forget_erased() -> int:
    """Forget every assessment whose talk was erased. Returns how many."""
    return Assessment.objects.filter(conversation__erased=True).delete()[0]
