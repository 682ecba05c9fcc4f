"""The coded answers in a counsellor's few words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOPICS: dict[str, str | Promise] = {
    "home": _("thuis niet veilig"),
    "images": _("dreigen met beelden"),
    "forced_sex_money": _("gedwongen seks of geld"),
    "drugs_crime": _("gedwongen tot iets strafbaars"),
    "online": _("online"),
    "runaway": _("weggelopen"),
    "other": _("iets anders"),
}
AGES: dict[str, str] = {
    "0-11": "≤ 11",
    "12-15": "12–15",
    "16-17": "16–17",
    "18-23": "18–23",
    "24+": "24+",
}


def topic(code: str) -> str:
    """What it is about, empty when not told."""
    return str(TOPICS.get(code, ""))


def age(code: str) -> str:
    """The age band, empty when not told."""
    return AGES.get(code, "")
