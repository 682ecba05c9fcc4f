"""A talk, its rows, its notes and the answers given before it."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chat.conversations import answers
from chat.conversations.rows import place_of
from helpline.clock import now


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """The questions that sweeps and screens ask of talks."""

    def waiting(self) -> "ConversationQuerySet":
        return self.filter(state=Conversation.State.WAITING)

    def claimed_by(self, member_id: int) -> "ConversationQuerySet":
        return self.filter(state=Conversation.State.CLAIMED, counsellor_id=member_id)

    def unseen_since(self, moment: datetime) -> "ConversationQuerySet":
        """Open talks whose visitor gave no sign of life since `moment`."""
        return self.exclude(state=Conversation.State.CLOSED).filter(visitor_seen_at__lt=moment)

    def closed_before(self, moment: datetime) -> "ConversationQuerySet":
        return self.filter(state=Conversation.State.CLOSED, closed_at__lt=moment)


class Conversation(models.Model):
    """One visitor's talk with us, from the first hello to the shredded key."""

    class State(models.TextChoices):
        ARRIVING = "arriving", _("Beantwoordt vragen")
        WAITING = "waiting", _("Wacht")
        CLAIMED = "claimed", _("In gesprek")
        CLOSED = "closed", _("Gesloten")

    class ClosedBy(models.TextChoices):
        VISITOR = "visitor", _("De bezoeker heeft het gesprek gesloten")
        LEFT = "left", _("De bezoeker is weggegaan")
        GONE = "gone", _("De bezoeker kwam niet terug")
        SILENT = "silent", _("Het bleef lang stil")
        COUNSELLOR = "counsellor", _("De hulpverlener heeft het gesprek gesloten")
        ERASED = "erased", _("De bezoeker heeft het gesprek gewist")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = models.UUIDField(unique=True)  # lives in the keys database: no foreign key crosses
    language = models.CharField(max_length=2, default="nl")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ARRIVING)
    last_number = models.PositiveIntegerField(default=0)
    counsellor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="talks"
    )
    offered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(default=now)
    waiting_since = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=10, choices=ClosedBy.choices, blank=True)
    visitor_seen_at = models.DateTimeField(default=now)
    erased = models.BooleanField(default=False)  # the words are gone
    shredded = models.BooleanField(default=False)  # and so is the key

    objects: ClassVar[models.Manager["Conversation"]] = ConversationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="claimed_means_counselled",
                condition=~Q(state="claimed") | Q(counsellor__isnull=False),
            ),
            models.CheckConstraint(
                name="waiting_means_nobody_yet",
                condition=~Q(state__in=["arriving", "waiting"]) | Q(counsellor__isnull=True),
            ),
            models.CheckConstraint(
                name="closed_has_time_and_reason",
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(closed_by="")
                | ~Q(state="closed") & Q(closed_at__isnull=True, closed_by=""),
            ),
            models.CheckConstraint(
                name="erased_means_closed", condition=Q(erased=False) | Q(state="closed")
            ),
            models.CheckConstraint(
                name="shredded_means_erased", condition=Q(shredded=False) | Q(erased=True)
            ),
            models.CheckConstraint(
                name="offered_only_while_claimed",
                condition=Q(offered_to__isnull=True) | Q(state="claimed"),
            ),
            models.CheckConstraint(
                name="offered_to_somebody_else",
                condition=Q(offered_to__isnull=True) | ~Q(offered_to=F("counsellor")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "waiting_since"], name="conversation_line"),
            models.Index(fields=["counsellor", "state"], name="conversation_of_counsellor"),
        ]

    def __str__(self) -> str:
        return f"conversation:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED


class Message(models.Model):
    """One numbered row of a talk: words in a sealed box, or a change of state."""

    class Kind(models.TextChoices):
        SAID = "said"
        WAITING = "waiting"
        CLAIMED = "claimed"
        RETURNED = "returned"
        TRANSFERRED = "transferred"
        CLOSED = "closed"

    class Author(models.TextChoices):
        VISITOR = "visitor"
        COUNSELLOR = "counsellor"
        HOUSE = "house"

    pk = models.CompositePrimaryKey("conversation_id", "number")
    conversation = models.ForeignKey(
        Conversation,
        models.CASCADE,
        related_name="messages",
        db_index=False,  # the primary key begins with it
    )
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.SAID)
    author = models.CharField(max_length=10, choices=Author.choices)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # the index below leaves out the visitor's rows
    )
    client_id = models.UUIDField(null=True, blank=True)
    detail = models.CharField(max_length=12, blank=True)
    box = models.BinaryField(null=True, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation", "author", "client_id"], name="one_row_for_each_client_id"
            ),
            models.CheckConstraint(
                name="said_means_sealed_and_known",
                condition=Q(kind="said", box__isnull=False, client_id__isnull=False)
                | ~Q(kind="said") & Q(box__isnull=True, client_id__isnull=True),
            ),
            models.CheckConstraint(name="numbers_start_at_one", condition=Q(number__gte=1)),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["member"], name="message_of_member", condition=Q(member__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return place_of(self.conversation_id, self.number)


class Note(models.Model):
    """What a counsellor keeps beside a talk: sealed, and gone with its key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="notes")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    box = models.BinaryField()
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"conversation:{self.conversation_id}/note:{self.pk}"


class Answers(models.Model):
    """The optional questions before a talk: codes only, empty is not asked yet."""

    conversation = models.OneToOneField(
        Conversation, models.CASCADE, primary_key=True, related_name="answers"
    )
    safe_now = models.CharField(max_length=8, blank=True, choices=answers.SAFE_NOW)
    topic = models.CharField(max_length=20, blank=True, choices=answers.TOPIC)
    about = models.CharField(max_length=8, blank=True, choices=answers.ABOUT)
    age_band = models.CharField(max_length=8, blank=True, choices=answers.AGE_BAND)
    region = models.CharField(max_length=24, blank=True, choices=answers.REGION)

    def __str__(self) -> str:
        return f"conversation:{self.conversation_id}/answers"
