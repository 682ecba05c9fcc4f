"""What the shift refuses, in words a person understands."""

from django.utils.translation import gettext_lazy as _

from helpline.errors import Refusal


class UnknownPresence(Refusal):
    code = "unknown_presence"
    status = 422
    sentence = _("Kies hier, pauze of afwezig.")


class NotTheCoordinator(Refusal):
    code = "not_the_coordinator"
    status = 403
    sentence = _("Alleen een coördinator doet de deur open of dicht.")


class NotACounsellor(Refusal):
    code = "not_a_counsellor"
    status = 403
    sentence = _("Alleen een hulpverlener praat met bezoekers.")
