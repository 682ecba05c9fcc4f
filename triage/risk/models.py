"""How soon a talk must be helped."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from chat.conversations.models import Conversation
from triage.risk.scoring import Level, Scored
from triage.risk.words import LEVELS


class Assessment(models.Model):
    """The level of one talk and the rules behind it: codes only, gone with the talk."""

    conversation = models.OneToOneField(
        Conversation, models.CASCADE, primary_key=True, related_name="assessment"
    )
    level = models.CharField(
        max_length=8, choices=list(LEVELS.items()), default=Level.ROUTINE.value
    )
    reasons = ArrayField(models.CharField(max_length=24), default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="level_is_known", condition=Q(level__in=list(LEVELS))),
        ]

    def __str__(self) -> str:
        return f"conversation:{self.conversation_id}/assessment"

    @property
    def scored(self) -> Scored:
        """What stands now, as the rules see it."""
        return Scored(Level(self.level), tuple(self.reasons))
