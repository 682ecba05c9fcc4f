"""What the visitor's side refuses, in words a person understands."""

from django.utils.translation import gettext_lazy as _

from helpline.errors import Refusal


class TicketGone(Refusal):
    code = "ticket_gone"
    status = 410
    sentence = _("Je was te lang weg. Daarom is dit gesprek gestopt. Je kunt opnieuw beginnen.")


class DoorClosed(Refusal):
    code = "door_closed"
    status = 409
    sentence = _("We zijn net dichtgegaan. Hieronder staat wie er nu wel is.")


class UnknownVerb(Refusal):
    code = "unknown_verb"
    status = 400
    sentence = _("Deze knop kennen we niet. Er is niets veranderd. Probeer het opnieuw.")
