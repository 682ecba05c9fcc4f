"""Presence, opening hours and the door."""

from datetime import UTC, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from triage.shifts.hours import Hours

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Presence(models.Model):
    """What somebody of the team says about being there, and their last sign of life."""

    class State(models.TextChoices):
        HERE = "here", _("Hier")
        PAUSE = "pause", _("Pauze")
        OFF = "off", _("Afwezig")

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="presence"
    )
    state = models.CharField(max_length=5, choices=State.choices, default=State.OFF)
    seen_at = models.DateTimeField(default=LONG_AGO)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="presence_is_known", condition=Q(state__in=["here", "pause", "off"])
            ),
        ]

    def __str__(self) -> str:
        return f"presence:{self.pk}"


class OpeningHours(models.Model):
    """Open on this weekday, in local time. Not later than `opens` means the next day."""

    WEEKDAYS: ClassVar = [
        (0, _("maandag")),
        (1, _("dinsdag")),
        (2, _("woensdag")),
        (3, _("donderdag")),
        (4, _("vrijdag")),
        (5, _("zaterdag")),
        (6, _("zondag")),
    ]

    weekday = models.PositiveSmallIntegerField(choices=WEEKDAYS)
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering: ClassVar = ["weekday", "opens"]
        constraints: ClassVar = [
            models.CheckConstraint(name="weekday_exists", condition=Q(weekday__lte=6)),
            models.UniqueConstraint(fields=["weekday", "opens"], name="opens_once_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"hours:{self.weekday}/{self.opens:%H.%M}-{self.closes:%H.%M}"

    @property
    def hours(self) -> Hours:
        """The row as the rules see it."""
        return Hours(self.weekday, self.opens, self.closes)


class Door(models.Model):
    """The door, in the one row there is: closed by hand, or left to the hours."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    closed_by_hand = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="there_is_one_door", condition=Q(id=1))
        ]

    def __str__(self) -> str:
        return "door"
