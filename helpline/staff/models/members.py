"""Somebody of the team."""

from collections.abc import Collection
from typing import ClassVar, Final

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpline.staff import rules
from helpline.staff.codes import clean_login
from helpline.staff.rules import Role

DEMO_DOMAIN: Final = "demo.example"
LABELS: Final[dict[Role, str | Promise]] = {
    Role.COUNSELLOR: _("hulpverlener"),
    Role.COORDINATOR: _("coördinator"),
    Role.PARTNER: _("partner"),
    Role.ANALYST: _("analist"),
    Role.AUDITOR: _("auditor"),
    Role.ADMIN: _("beheerder"),
}
ROLES: Final = [(role.value, label) for role, label in LABELS.items()]
LANGUAGES: Final = [("nl", "Nederlands"), ("en", "English")]
# All the admin site shows; none of these tables knows a talk.
OPEN_TO_ADMINS: Final = frozenset(
    {
        "staff.view_member",
        "staff.change_member",
        "staff.view_invitation",
        "staff.add_invitation",
        "staff.delete_invitation",
        "staff.view_accessreset",
    }
)


def roles_field() -> "ArrayField[list[str], list[str]]":
    """A column of role codes; each model says the same in a named constraint."""
    return ArrayField(
        models.CharField(max_length=12, choices=ROLES), verbose_name=_("taken in het team")
    )


def only_known_roles(name: str) -> models.CheckConstraint:
    """The constraint that no row has an unknown role, or none at all."""
    known = [role.value for role in Role]
    return models.CheckConstraint(
        name=name, condition=Q(roles__contained_by=known) & Q(roles__len__gt=0)
    )


def role_names(roles: Collection[str]) -> list[str]:
    """Roles in words, in their fixed order."""
    return [str(LABELS[Role(role)]) for role in rules.known_roles(roles)]


class MemberManager(BaseUserManager["Member"]):
    """Finds members by the name they sign in with."""

    def get_by_natural_key(self, username: str | None) -> "Member":
        return self.get(email=clean_login(username or ""))


class Member(AbstractBaseUser):  # type: ignore[django-manager-missing]
    """One person of the team. Disabled when they leave, never deleted."""

    last_login = None  # the audit knows, to the hour

    email = models.EmailField(_("e-mailadres"), unique=True)
    name = models.CharField(_("naam"), max_length=80)
    alias = models.CharField(_("voornaam voor bezoekers"), max_length=30)
    roles = roles_field()
    is_active = models.BooleanField(_("heeft toegang"), default=True)
    language = models.CharField(_("taal"), max_length=2, choices=LANGUAGES, default="nl")
    key_id = models.UUIDField(unique=True, editable=False)  # in the keys database
    enrol_by = models.DateTimeField(null=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "alias"]

    objects: ClassVar[MemberManager] = MemberManager()

    class Meta:
        verbose_name = _("lid van het team")
        verbose_name_plural = _("leden van het team")
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="login_is_lower_case", condition=Q(email=Lower("email"))),
            only_known_roles("member_has_known_roles"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.alias

    @property
    def is_demo(self) -> bool:
        """Whether this is an example account, which production never lets in."""
        return self.email.endswith(f"@{DEMO_DOMAIN}")

    @property
    def role_names(self) -> list[str]:
        """The member's roles in words."""
        return role_names(self.roles)

    @property
    def is_staff(self) -> bool:
        """What Django's admin asks; ours asks for the second factor as well."""
        return rules.may_administer(self)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Admins may open accounts and invitations there, and nothing else."""
        return rules.may_administer(self) and perm in OPEN_TO_ADMINS

    def has_module_perms(self, app_label: str) -> bool:
        return rules.may_administer(self) and app_label == "staff"
