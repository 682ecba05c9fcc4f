"""The sentences a visitor reads about the talk and the line.

Page and script say the same: the script gets the sentences from the page,
with the {holes} it fills itself.
"""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat.conversations.rows import Row
from chat.visitors.outlook import Door, Place

SOMEBODY = _("Je hulpverlener")

CHANGES = {
    "claimed": _("{who} is er nu voor je. {who} leest wat je al schreef."),
    "returned": _(
        "{who} is even weg. Je staat weer vooraan in de rij. Wat je schreef, is bewaard."
    ),
    "transferred": _("{who} praat nu verder met je. {who} leest wat je al schreef."),
    "closed": _("Het gesprek is gestopt."),
}

ENDINGS = {
    "visitor": (
        _("Je hebt het gesprek gestopt"),
        _("Dat is goed. Je bepaalt zelf wanneer je praat. Je mag altijd terugkomen."),
    ),
    "counsellor": (
        _("Het gesprek is klaar"),
        _("Goed dat je er was. Wil je later verder praten? Je mag altijd terugkomen."),
    ),
    "silent": (
        _("Het gesprek is gestopt"),
        _("Het bleef lang stil. Daarom is het gestopt. Dat is niet erg. Je mag altijd terugkomen."),
    ),
    "gone": (
        _("Het gesprek is gestopt"),
        _("Je was een tijd weg. Daarom is het gestopt. Dat is niet erg. Je mag altijd terugkomen."),
    ),
    "left": (
        _("Het gesprek is gestopt"),
        _("Je bent weggegaan. Daarom is het gestopt. Je mag altijd terugkomen."),
    ),
    "erased": (
        _("Je gesprek is gewist"),
        _(
            "Wij kunnen het niet meer lezen, en niemand anders ook. "
            "Binnen 24 uur is het ook uit elke kopie weg."
        ),
    ),
}

AHEAD = {
    "none": _("Je bent als eerste aan de beurt."),
    "one": _("Er wacht nu één iemand voor je."),
    "many": _("Er wachten nu {ahead} mensen voor je."),
}
RANGE = {
    "range": _("Dat duurt meestal tussen de {low} en {high} minuten."),
    "range-short": _("Dat duurt meestal niet langer dan {high} minuten."),
    "range-about": _("Dat duurt meestal ongeveer {high} minuten."),
    "range-unknown": _(
        "We weten nog niet hoe lang het duurt. Je ziet het hier zodra we het weten."
    ),
}


def change(row: Row, who: str) -> str:
    """What the visitor reads where the talk changed; `who` was there until now."""
    return str(CHANGES[row.kind]).format(who=row.who or who or SOMEBODY)


def place(found: Place | None) -> tuple[str, str]:
    """How many are ahead of the visitor, and how long that takes, as far as we know."""
    return _line(found.ahead, found.low, found.high) if found else ("", "")


def busy(door: Door) -> str:
    """How long somebody who comes in now would wait."""
    return " ".join(_line(door.waiting, door.low, door.high))


def _line(ahead: int, low: int | None, high: int | None) -> tuple[str, str]:
    count = AHEAD["none" if ahead == 0 else "one" if ahead == 1 else "many"]
    return str(count).format(ahead=ahead), _range(low, high)


def _range(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return str(RANGE["range-unknown"])
    kind = "range-short" if low < 1 else "range" if low < high else "range-about"
    return str(RANGE[kind]).format(low=low, high=high)


def opens(moment: datetime | None, now: datetime) -> str:
    """When we are there again; empty when nobody knows."""
    if moment is None:
        return ""
    there, here = timezone.localtime(moment), timezone.localtime(now)
    words = {
        "time": date_format(there, gettext("H.i")),
        "day": date_format(there, "l"),
    }
    if there.date() == here.date():
        return gettext("Om {time} uur zijn we er weer.").format(**words)
    if there.date() == here.date() + timedelta(days=1):
        return gettext("Morgen om {time} uur zijn we er weer.").format(**words)
    return gettext("Op {day} om {time} uur zijn we er weer.").format(**words)
