"""What the line refuses, in words a counsellor understands."""

from django.utils.translation import gettext_lazy as _

from helpline.errors import Refusal


class AtCapacity(Refusal):
    code = "at_capacity"
    status = 409
    sentence = _("Je hebt al zoveel gesprekken als tegelijk kan. Sluit er eerst een.")


class NotHere(Refusal):
    code = "not_here"
    status = 409
    sentence = _("Je staat op pauze of afwezig. Kies eerst “Hier”.")


class NobodyWaits(Refusal):
    code = "nobody_waits"
    status = 409
    sentence = _("Er wacht niemand.")


class ColleagueAway(Refusal):
    code = "colleague_away"
    status = 409
    sentence = _("Deze collega is er nu niet. Kies iemand anders.")
