"""Open every data key once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpline.vault import queries


class Command(BaseCommand):
    """Say which data keys cannot be opened; exit 1 when there is one."""

    help = _("Opent elke sleutel één keer en meldt welke niet opengaan.")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = 0
        for key_id in queries.unopenable():
            failed += 1
            self.stdout.write(str(key_id))
        total = sum(queries.keys_by_master().values())
        if failed:
            raise CommandError(
                _("%(failed)d van %(total)d sleutels gaan niet open.")
                % {"failed": failed, "total": total}
            )
        self.stdout.write(
            ngettext("%(n)d sleutel, hij gaat open.", "%(n)d sleutels, alle gaan open.", total)
            % {"n": total}
        )
