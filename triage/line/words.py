"""Why somebody stands where they stand, as a counsellor reads it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from triage.line import order

WHY: dict[str, str | Promise] = {
    order.BECAUSE_ACUTE: _("acuut gaat altijd voor"),
    order.BECAUSE_RETURNED: _("terug in de rij: de hulpverlener viel weg"),
    order.BECAUSE_FIFTH: _("wacht het langst en is aan de beurt"),
    order.BECAUSE_LEVEL: _("op urgentie, dan op wachttijd"),
}
