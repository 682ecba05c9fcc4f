"""`create_admin`: the first admin, or the last one who lost the way in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from helpline.errors import Refusal
from helpline.staff.actions import invitations, members
from helpline.staff.codes import clean_login
from helpline.staff.models import Member
from helpline.staff.rules import Role


class Command(BaseCommand):
    help = "Print a link, which works once for 72 hours, to become the first admin."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="the address to sign in with")
        parser.add_argument("--name", default="", help="the name inside the team")
        parser.add_argument(
            "--restore",
            action="store_true",
            help="for an existing admin: take password and phone away and start again",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        email = clean_login(options["email"])
        try:
            validate_email(email)
            sent = _restore(email) if options["restore"] else _invite(email, options["name"])
        except ValidationError:
            raise CommandError(f"{email} is geen e-mailadres.") from None
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from None
        self.stderr.write("Open deze link binnen 72 uur. Hij werkt één keer:")
        self.stdout.write(sent.link)


def _invite(email: str, name: str) -> invitations.Sent:
    if there := Member.objects.filter(email=email).first():
        what = "al beheerder" if Role.ADMIN in there.roles else "al lid van het team"
        hint = "Toegang kwijt? Gebruik dan --restore." if Role.ADMIN in there.roles else ""
        raise CommandError(f"{email} is {what}. {hint}".strip())
    name = name or email.split("@", maxsplit=1)[0].title()
    return invitations.invite(email=email, name=name, roles=[Role.ADMIN], by=None, send=False)


def _restore(email: str) -> invitations.Sent:
    there = Member.objects.filter(email=email).first()
    if there is None or Role.ADMIN not in there.roles:
        raise CommandError(f"{email} is geen beheerder. Andere leden herstelt een beheerder.")
    if not there.is_active:
        raise CommandError(f"{email} is uitgeschakeld. Een andere beheerder kan dat veranderen.")
    return members.restore(member_id=there.pk, by=None, send=False)
