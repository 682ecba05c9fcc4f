"""Print a fresh master key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from helpline.vault.masters import new_master


class Command(BaseCommand):
    """Print one line for MASTER_KEYS and keep nothing."""

    help = _("Maakt een nieuwe hoofdsleutel, als regel voor MASTER_KEYS (nieuwste vooraan).")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="", help=_("naam van de sleutel, anders toeval"))

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        self.stdout.write(new_master(name))
