"""The five questions before a talk: their codes and their words, pure.

The codes are those of the priority guide; `skipped` is "liever niet", and an
empty value is a question that was not reached.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Choices = list[tuple[str, str | Promise]]

SKIPPED = "skipped"
RATHER_NOT = (SKIPPED, _("Liever niet"))

SAFE_NOW: Choices = [
    ("yes", _("Ja, ik ben veilig")),
    ("unsure", _("Ik weet het niet")),
    ("no", _("Nee, ik ben in gevaar")),
    RATHER_NOT,
]
TOPIC: Choices = [
    ("home", _("Het is thuis niet veilig")),
    ("images", _("Iemand dreigt met beelden van mij")),
    ("forced_sex_money", _("Ik moet seks hebben, of geld afgeven")),
    ("drugs_crime", _("Ik moet iets doen dat niet mag")),
    ("online", _("Er gebeurt iets online")),
    ("runaway", _("Ik ben weggelopen")),
    ("other", _("Iets anders")),
    RATHER_NOT,
]
ABOUT: Choices = [
    ("self", _("Over mij")),
    ("other", _("Over iemand anders")),
    RATHER_NOT,
]
AGE_BAND: Choices = [
    ("0-11", _("11 of jonger")),
    ("12-15", _("12 tot en met 15")),
    ("16-17", _("16 of 17")),
    ("18-23", _("18 tot en met 23")),
    ("24+", _("24 of ouder")),
    RATHER_NOT,
]
REGION: Choices = [
    ("Noord-Nederland", _("Groningen, Friesland of Drenthe")),
    ("Oost-Nederland", _("Overijssel of Gelderland")),
    ("Midden-Nederland", _("Utrecht of Flevoland")),
    ("Noord-Holland", _("Noord-Holland")),
    ("Amsterdam", _("Amsterdam en omgeving")),
    ("Den Haag", _("Den Haag, Leiden of Delft")),
    ("Rotterdam", _("Rotterdam of Zuid-Holland-Zuid")),
    ("Zeeland-West-Brabant", _("Zeeland of West-Brabant")),
    ("Oost-Brabant", _("Oost-Brabant")),
    ("Limburg", _("Limburg")),
    RATHER_NOT,
]

QUESTIONS: dict[str, tuple[str | Promise, Choices]] = {
    "safe_now": (_("Ben je nu veilig?"), SAFE_NOW),
    "topic": (_("Waar gaat het over?"), TOPIC),
    "about": (_("Gaat het over jou?"), ABOUT),
    "age_band": (_("Hoe oud ben je?"), AGE_BAND),
    "region": (_("Waar woon je ongeveer?"), REGION),
}


def allowed(question: str, code: str) -> bool:
    """Whether `code` is one of the answers to `question`."""
    return question in QUESTIONS and code in dict(QUESTIONS[question][1])
