"""Bring every data key under the newest master key."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpline.vault import actions, queries


class Command(BaseCommand):
    """Rewrap in batches. It may be killed at any moment and started again."""

    help = _("Zet alle sleutels onder de nieuwste hoofdsleutel. Mag afgebroken en herhaald worden.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help=_("telt alleen wat onder welke hoofdsleutel ligt")
        )
        parser.add_argument("--batch", type=int, default=actions.BATCH)

    def handle(self, *args: Any, check: bool, batch: int, **options: Any) -> None:
        if check:
            self.count()
            return
        done, failed = self.rotate(batch)
        newest = queries.masters().newest
        left = sum(n for master, n in queries.keys_by_master().items() if master != newest)
        self.stdout.write(
            ngettext("%(n)d sleutel omgezet", "%(n)d sleutels omgezet", done) % {"n": done}
            + _(", %(left)d over") % {"left": left}
        )
        if failed:
            raise CommandError(_("Niet te openen: %(keys)s") % {"keys": _listed(failed)})

    def rotate(self, batch: int) -> tuple[int, list[UUID]]:
        """Rewrap until nothing is left that can be; say after each batch how far it is."""
        done, failed, last = 0, [], None
        while (step := actions.rewrap(after=last, batch=batch)).last:
            last = step.last
            done += step.done
            failed += step.failed
            self.stderr.write(_("%(n)d omgezet…") % {"n": done})
        return done, failed

    def count(self) -> None:
        """Say what lies under which master key, and which one may be removed."""
        newest = queries.masters().newest
        counted = queries.keys_by_master()
        for master, number in {newest: 0, **counted}.items():
            note = _(" (nieuwste)") if master == newest else _(" (nog nodig)")
            self.stdout.write(f"{master}: {number}{note}")


def _listed(keys: list[UUID]) -> str:
    return ", ".join(str(key) for key in keys)
