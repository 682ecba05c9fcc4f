"""The words for levels and reasons, as a counsellor reads them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from triage.risk.scoring import Level

LEVELS: dict[str, str | Promise] = {
    Level.ACUTE.value: _("Acuut"),
    Level.URGENT.value: _("Urgent"),
    Level.ELEVATED.value: _("Verhoogd"),
    Level.ROUTINE.value: _("Gewoon"),
}

REASONS: dict[str, str | Promise] = {
    "safe_no": _("zegt nu in gevaar te zijn"),
    "under16": _("jonger dan 16"),
    # The topic itself stands beside it already.
    **dict.fromkeys(
        ("topic_forced_sex_money", "topic_images", "topic_drugs_crime", "topic_runaway"),
        _("onderwerp met risico"),
    ),
}


def reason(code: str) -> str:
    """The reason in a few words; a code we have no words for stays a code."""
    return str(REASONS.get(code, code))
