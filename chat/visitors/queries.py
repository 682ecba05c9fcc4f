"""Finding the ticket that belongs to a cookie."""

import hashlib
from datetime import datetime

from django.conf import settings

from chat.visitors.models import Ticket
from helpline.clock import now


def digest_of(token: str) -> bytes:
    """What the table keeps of a token: 32 bytes that do not lead back."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def find(token: str | None) -> Ticket | None:
    """The living ticket of this cookie, or None: unknown, idle too long, or too old."""
    if not token:
        return None
    ticket = Ticket.objects.select_related("conversation").filter(digest=digest_of(token)).first()
    return ticket if ticket and is_alive(ticket, now()) else None


def is_alive(ticket: Ticket, moment: datetime) -> bool:
    """Whether the ticket is within its idle and absolute limits."""
    idle = moment - ticket.seen_at < settings.TICKET_IDLE
    return idle and moment - ticket.made_at < settings.TICKET_ABSOLUTE
