"""Hold the whole audit against its chain."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpline.audit import queries
from helpline.audit.chain import Finding, Flaw, Mark


class Command(BaseCommand):
    """Say whether every entry is there and as it was written; exit 1 when not."""

    help = _("Controleert of het logboek heel is. Eindigt met 1 als dat niet zo is.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--witness",
            type=read_witness,
            help=_("een eerder genoteerde stand, als NUMMER:HASH; die moet er nog in zitten"),
        )

    def handle(self, *args: Any, witness: Mark | None, **options: Any) -> None:
        end = queries.head()
        broken = False
        for finding in queries.findings(end=end, witness=witness):
            broken = True
            self.stdout.write(sentence(finding))
        if broken:
            raise CommandError(_("Het logboek is niet heel."))
        whole = ngettext("%(n)d regel, keten heel.", "%(n)d regels, keten heel.", end.number)
        self.stdout.write(whole % {"n": end.number})
        self.stdout.write(_("Stand: %(mark)s") % {"mark": f"{end.number}:{end.hash.hex()}"})


def read_witness(text: str) -> Mark:
    """NUMBER:HASH as an earlier run printed it. Raises ValueError."""
    number, _colon, digest = text.partition(":")
    return Mark(int(number), bytes.fromhex(digest))


def sentence(finding: Finding) -> str:
    """What is wrong, where, in words."""
    first, last = finding.first, finding.last
    numbers = str(first) if first == last else _("%(first)d tot en met %(last)d")
    sentences = {
        Flaw.EDITED: _("Regel %(numbers)s is veranderd."),
        Flaw.GAP: _("Regel %(numbers)s ontbreekt."),
        Flaw.UNLINKED: _("Regel %(numbers)s volgt niet op de regel ervoor."),
        Flaw.TAIL_MISSING: _("Aan het eind ontbreekt regel %(numbers)s."),
        Flaw.TAIL_UNKNOWN: _("Regel %(numbers)s is buiten de keten toegevoegd."),
        Flaw.WITNESS: _("Regel %(numbers)s is niet de regel die eerder is genoteerd."),
    }
    return sentences[finding.flaw] % {"numbers": numbers % {"first": first, "last": last}}
