"""The ticket: what links a browser to its talk, and nothing else."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from chat.conversations.models import Conversation
from helpline.clock import now


class Ticket(models.Model):
    """One visit. The cookie holds the token; the table only its digest."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    csrf_secret = models.CharField(max_length=32)
    language = models.CharField(max_length=2, default="nl")
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, null=True, blank=True, related_name="tickets"
    )
    former = ArrayField(models.UUIDField(), default=list, blank=True)  # talks before, to erase too
    made_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(default=now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["seen_at"], name="ticket_seen_at")]

    def __str__(self) -> str:
        return "ticket"
