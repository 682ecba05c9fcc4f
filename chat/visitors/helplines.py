"""Who else can help, read once from data/helplines_nl.csv."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_noop

SOURCE = Path(__file__).parent / "data" / "helplines_nl.csv"

# What `when` says in the file, so that it is translated; a line of your own is shown as it is.
WHEN = (
    gettext_noop("Er is nu gevaar"),
    gettext_noop("Je wilt met de politie praten"),
    gettext_noop("Je denkt aan zelfmoord"),
    gettext_noop("Het is thuis niet veilig"),
    gettext_noop("Er is iets gebeurd tegen je wil"),
    gettext_noop("Je wilt over iets anders praten (tot 18 jaar)"),
    gettext_noop("Iemand dreigt met beelden van jou"),
    gettext_noop("Meldpunt mensenhandel voor professionals"),
    gettext_noop("Je wilt anoniem iets melden"),
)


@dataclass(frozen=True)
class Helpline:
    """Somebody else to turn to. `when` says for what; phone or website may be empty."""

    name: str
    when: str
    phone: str
    website: str

    @property
    def number(self) -> str:
        """The phone number as a link dials it."""
        return "".join(one for one in self.phone if one.isdigit())


@cache
def everybody() -> tuple[Helpline, ...]:
    """All helplines in the order of the file; 112 is the first."""
    with SOURCE.open(encoding="utf-8", newline="") as lines:
        return tuple(Helpline(**row) for row in csv.DictReader(lines))
