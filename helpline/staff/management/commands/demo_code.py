"""`demo_code WHO`: the code that a demo account's phone would show now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpline.errors import Refusal
from helpline.staff import demo


class Command(BaseCommand):
    help = "Print the current code of a demo account. Does not exist in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", help=f"one of: {', '.join(demo.CAST)}")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(demo.code_of(demo.find(options["who"])))
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from None
