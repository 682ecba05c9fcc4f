"""Bring both databases to what this version needs."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

DATABASES = ("keys", "owner")  # keys first: a row may only be written when its key can be


class Command(BaseCommand):
    """Migrate as the owner; the web role gets its rights after each migration.

    Safe to repeat, and the only thing the owner's role is used for.
    """

    help = "Migrates both databases and gives the web role its rights. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        for database in DATABASES:
            call_command(
                "migrate", database=database, interactive=False, verbosity=options["verbosity"]
            )
