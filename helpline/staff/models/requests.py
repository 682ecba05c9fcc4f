"""Questions that wait for somebody: an invitation, a request to restore access."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpline.clock import now
from helpline.staff.models.members import only_known_roles, roles_field


class Invitation(models.Model):
    """A link that works once: for somebody new, or to restore a member's access."""

    email = models.EmailField(_("e-mailadres"))
    name = models.CharField(_("naam"), max_length=80)
    roles = roles_field()
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("werkt tot"), editable=False)
    accepted_at = models.DateTimeField(_("gebruikt op"), null=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("uitgenodigd door"),
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("uitnodiging")
        verbose_name_plural = _("uitnodigingen")
        ordering: ClassVar = ["-expires_at"]
        constraints: ClassVar = [
            only_known_roles("invitation_has_known_roles"),
            models.UniqueConstraint(
                name="one_open_invitation_each",
                fields=["email"],
                condition=Q(accepted_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.expires_at > now()


class AccessReset(models.Model):
    """One admin asks to restore somebody's access, another one confirms it."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("voor")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("gevraagd door")
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("bevestigd door"),
    )
    expires_at = models.DateTimeField(_("werkt tot"))

    class Meta:
        verbose_name = _("verzoek om herstel")
        verbose_name_plural = _("verzoeken om herstel")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_open_reset_each",
                fields=["member"],
                condition=Q(confirmed_by__isnull=True),
            ),
            models.CheckConstraint(
                name="reset_takes_two_people",
                condition=~Q(asked_by=F("member"))
                & (
                    Q(confirmed_by__isnull=True)
                    | (~Q(confirmed_by=F("member")) & ~Q(confirmed_by=F("asked_by")))
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)

    @property
    def is_open(self) -> bool:
        return self.confirmed_by_id is None and self.expires_at > now()
