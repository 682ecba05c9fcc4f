"""The entries of the audit and the head of their chain: codes and ids, no words."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

CODE = r"^[a-z][a-z0-9_]*$"
REFERENCE = r"^[A-Za-z0-9_:.-]*$"


class Role(models.TextChoices):
    """In which role somebody acted."""

    VISITOR = "visitor", _("bezoeker")
    COUNSELLOR = "counsellor", _("hulpverlener")
    COORDINATOR = "coordinator", _("coördinator")
    PARTNER = "partner", _("partner")
    ANALYST = "analyst", _("analist")
    AUDITOR = "auditor", _("auditor")
    ADMIN = "admin", _("beheerder")
    MEMBER = "member", _("medewerker")
    NOBODY = "nobody", _("onbekend")
    SYSTEM = "system", _("systeem")


class Subject(models.TextChoices):
    """What kind of thing the reference names."""

    TALK = "talk", _("gesprek")
    MEMBER = "member", _("medewerker")
    ROUTE = "route", _("pagina")
    LINE = "line", _("wachtrij")
    BOARD = "board", _("bord")
    KEYS = "keys", _("sleutels")
    AUDIT = "audit", _("logboek")
    SETTING = "setting", _("instelling")


class Verb(models.TextChoices):
    """What can be done that is recorded. Add here, then use; there is no other list."""

    OPENED_TALK = "opened_talk", _("opende een gesprek")
    CLAIMED = "claimed", _("nam een gesprek aan")
    RELEASED = "released", _("gaf een gesprek terug aan de wachtrij")
    TRANSFER_OFFERED = "transfer_offered", _("bood een gesprek aan een collega aan")
    TRANSFERRED = "transferred", _("nam een gesprek over")
    CLOSED = "closed", _("sloot een gesprek")
    ERASED = "erased", _("wiste een gesprek")
    NOTED = "noted", _("schreef een notitie")
    READ_NOTE = "read_note", _("las een notitie")
    REORDERED = "reordered", _("veranderde de urgentie van een wachtende")
    BOARD_OPENED = "board_opened", _("opende het bord")
    DOOR_OPENED = "door_opened", _("deed de deur open")
    DOOR_CLOSED = "door_closed", _("deed de deur dicht")
    HOURS_CHANGED = "hours_changed", _("veranderde de openingstijden")
    PRESENCE_CHANGED = "presence_changed", _("meldde zich aan of af voor de dienst")
    SIGNED_IN = "signed_in", _("meldde zich aan")
    SIGN_IN_REFUSED = "sign_in_refused", _("kon zich niet aanmelden")
    SIGNED_OUT = "signed_out", _("meldde zich af")
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere", _("meldde zich overal af")
    LOCKED_OUT = "locked_out", _("werd tijdelijk geweigerd na te veel pogingen")
    INVITED = "invited", _("nodigde iemand uit")
    INVITATION_ACCEPTED = "invitation_accepted", _("nam een uitnodiging aan")
    MEMBER_CHANGED = "member_changed", _("veranderde een medewerker")
    MEMBER_DISABLED = "member_disabled", _("sloot een medewerker af")
    PASSWORD_CHANGED = "password_changed", _("koos een nieuw wachtwoord")
    ENROLLED_TOTP = "enrolled_totp", _("koppelde een tweede factor")
    RESET_REQUESTED = "reset_requested", _("vroeg om een nieuwe tweede factor voor iemand")
    TOTP_RESET = "totp_reset", _("bevestigde een nieuwe tweede factor voor iemand")
    RECOVERY_MADE = "recovery_made", _("maakte nieuwe herstelcodes")
    RECOVERY_USED = "recovery_used", _("gebruikte een herstelcode")
    STEP_UP = "step_up", _("gaf opnieuw een code")
    DENIED = "denied", _("werd geweigerd")
    AUDIT_READ = "audit_read", _("las het logboek")
    KEYS_ROTATED = "keys_rotated", _("zette sleutels om")


class Entry(models.Model):
    """One thing that was done. Written once, through `actions`, and never changed."""

    number = models.BigIntegerField(primary_key=True)
    hour = models.DateTimeField()
    actor = models.BigIntegerField(null=True)
    role = models.CharField(max_length=16)
    verb = models.CharField(max_length=32)
    subject = models.CharField(max_length=16)
    reference = models.CharField(max_length=100, blank=True)
    outcome = models.CharField(max_length=32)
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        default_permissions = ()
        ordering = ("number",)
        indexes: ClassVar = [
            models.Index(fields=["hour"], name="audit_by_hour"),
            models.Index(fields=["actor", "number"], name="audit_by_actor"),
            models.Index(fields=["reference", "number"], name="audit_by_reference"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="audit_starts_at_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="audit_holds_codes_only",
                condition=Q(
                    role__regex=CODE, verb__regex=CODE, subject__regex=CODE, outcome__regex=CODE
                ),
            ),
            models.CheckConstraint(
                name="audit_reference_is_opaque", condition=Q(reference__regex=REFERENCE)
            ),
        ]

    def __str__(self) -> str:
        return f"entry:{self.number}"


class Head(models.Model):
    """The last entry's number and hash, in the one row there is. Moves by inserting entries."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(name="audit_has_one_head", condition=Q(id=1))
        ]

    def __str__(self) -> str:
        return f"head:{self.number}"
