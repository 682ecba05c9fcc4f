"""`demo`: what one needs to try the house out; never in production."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from helpline.staff.demo import make_demo_members
from triage.shifts.demo import always_open


class Command(BaseCommand):
    """Load a cast with accounts and opening hours. Safe to repeat: what is there stays."""

    help = "Loads demo accounts and opening hours. Refused in production."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("demo data does not exist in production (MODE=production).")
        members = make_demo_members()
        always_open()
        if options["verbosity"]:
            names = ", ".join(member.alias for member in members)
            self.stdout.write(f"There are {names}; the line is open around the clock.")
