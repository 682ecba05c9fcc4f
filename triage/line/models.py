"""Places in the line, and whose turn it is."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from chat.conversations.models import Conversation


class Place(models.Model):
    """The place of one waiting talk. Its time is the talk's own, its level the assessment's."""

    conversation = models.OneToOneField(
        Conversation, models.CASCADE, primary_key=True, related_name="place"
    )
    returned = models.BooleanField(default=False)  # lost a counsellor: goes first

    def __str__(self) -> str:
        return f"conversation:{self.conversation_id}/place"


class Turn(models.Model):
    """How often somebody was picked who is not acute, in the one row there is.

    Who picks holds this row: picks happen one after another, each from the
    line as the one before left it.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    picks = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="there_is_one_turn", condition=Q(id=1))
        ]

    def __str__(self) -> str:
        return f"turn:{self.picks}"
