"""What the staff room refuses, in words a person understands."""

from django.utils.translation import gettext_lazy as _

from helpline.errors import Refusal


class SignInRefused(Refusal):
    """One answer for a wrong name, a wrong password and a closed account."""

    code = "sign_in_refused"
    status = 422
    sentence = _("Dit e-mailadres en wachtwoord horen niet bij elkaar. Probeer het opnieuw.")


class LockedOut(Refusal):
    """Too many wrong passwords for this name, whether it exists or not."""

    code = "locked_out"
    status = 429
    sentence = _("Er is te vaak een verkeerd wachtwoord gebruikt. Wacht 15 minuten.")


class StillTrying(Refusal):
    """One try at a time for each name, and few at once: more would not be counted in time."""

    code = "still_trying"
    status = 429
    sentence = _("Je vorige poging loopt nog. Probeer het zo opnieuw.")


class CodeRefused(Refusal):
    """The code is wrong, too old, or was used before."""

    code = "code_refused"
    status = 422
    sentence = _("Deze code klopt niet, of is al gebruikt. Wacht op een nieuwe code.")


class CodeTooSoon(Refusal):
    """After wrong codes the next try has to wait."""

    code = "code_too_soon"
    status = 429
    sentence = _("Er is net een verkeerde code gebruikt. Wacht even voor je het opnieuw probeert.")


class RecoveryRefused(Refusal):
    code = "recovery_refused"
    status = 422
    sentence = _("Deze herstelcode klopt niet, of is al gebruikt. Probeer een andere.")


class InvitationGone(Refusal):
    """Used, expired, withdrawn or never there: the same answer for all."""

    code = "invitation_gone"
    status = 410
    sentence = _("Deze link werkt niet meer. Vraag een beheerder om een nieuwe.")


class AlreadyMember(Refusal):
    code = "already_member"
    status = 409
    sentence = _("Met dit e-mailadres is al iemand lid van het team.")


class EnrolmentClosed(Refusal):
    """A password alone may not add a second factor outside its time."""

    code = "enrolment_closed"
    status = 403
    sentence = _(
        "Je kunt nu geen telefoon koppelen. Vraag een beheerder om je toegang te herstellen."
    )


class NothingToEnrol(Refusal):
    code = "nothing_to_enrol"
    status = 409
    sentence = _("Er staat geen nieuwe telefoon klaar om te koppelen. Begin opnieuw.")


class Denied(Refusal):
    """Signed in, but this is for somebody else."""

    code = "denied"
    status = 403
    sentence = _("Deze pagina hoort niet bij jouw taak in het team.")


class SignedOut(Refusal):
    """What a script hears where a person would see the sign-in page."""

    code = "signed_out"
    status = 401
    sentence = _("Je bent niet (meer) ingelogd. Log opnieuw in.")


class NoRoleLeft(Refusal):
    code = "no_role"
    status = 422
    sentence = _("Kies ten minste één taak die bestaat.")


class LastAdmin(Refusal):
    code = "last_admin"
    status = 409
    sentence = _("Dit is de laatste beheerder. Maak eerst iemand anders beheerder.")


class NotYourOwnRoles(Refusal):
    code = "not_your_own_roles"
    status = 409
    sentence = _("Je eigen rollen verandert een andere beheerder.")


class NotTwoPeople(Refusal):
    code = "not_two_people"
    status = 409
    sentence = _("Toegang herstellen doen twee beheerders samen, en nooit voor zichzelf.")


class ResetGone(Refusal):
    code = "reset_gone"
    status = 409
    sentence = _("Dit verzoek is al afgehandeld of te oud. Vraag het opnieuw aan.")


class NoSuchMember(Refusal):
    code = "no_such_member"
    status = 404
    sentence = _("Dit lid van het team is er niet.")


class NotInProduction(Refusal):
    code = "not_in_production"
    status = 403
    sentence = _("Voorbeeldaccounts bestaan niet in productie.")
