"""A session at the team site, by the digest of its key."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models

from helpline.clock import now


class SessionQuerySet(models.QuerySet["Session"]):
    """The one place that says when a session lives."""

    def live(self) -> "SessionQuerySet":
        """Neither idle too long nor older than a session may become."""
        moment: datetime = now()
        return self.filter(expire_date__gt=moment, seen_at__gt=moment - settings.STAFF_IDLE)

    def ended(self) -> "SessionQuerySet":
        """Those that no longer live; a sweep removes them."""
        moment: datetime = now()
        over = models.Q(expire_date__lte=moment)
        return self.filter(over | models.Q(seen_at__lte=moment - settings.STAFF_IDLE))


class Session(models.Model):
    """One browser's stay. Whoever copies this table can open no door with it."""

    key_digest = models.CharField(max_length=64, primary_key=True)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True)
    verified = models.BooleanField(default=False)
    data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    seen_at = models.DateTimeField(default=now)

    objects: ClassVar[models.Manager["Session"]] = SessionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="verified_means_somebody",
                condition=models.Q(verified=False) | models.Q(member__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.key_digest[:8]
