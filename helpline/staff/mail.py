"""Letters to members: a link and nothing about anybody else."""

from dataclasses import dataclass, field

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Letter:
    """To whom, and the link that works once. Its repr shows neither."""

    email: str = field(repr=False)
    name: str = field(repr=False)
    link: str = field(repr=False)


def send_invitation(letter: Letter, *, back: bool) -> None:
    """Send the link; `back` is for somebody who lost their way in."""
    template = "staff/mail/restored.txt" if back else "staff/mail/invitation.txt"
    subject = _("Je toegang wordt hersteld") if back else _("Je bent uitgenodigd voor het team")
    body = render_to_string(template, {"name": letter.name, "link": letter.link})
    send_mail(subject, body, None, [letter.email])
