"""Finding the ticket that belongs to a cookie."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from chat.visitors.models import Ticket
from helpline.clock import now
from helpline.steps import Steps, ask, bytes_array

SEEN_EVERY = timedelta(seconds=4)  # how exact a sign of life needs to be
PRESENT = """
    SELECT digest, conversation_id, language, seen_at < %s FROM visitors_ticket
     WHERE digest = ANY(%s::bytea[])
       AND seen_at > %s AND made_at > %s AND conversation_id IS NOT NULL
"""


class Visitor(NamedTuple):
    """Whose ticket lives and has a talk: all that the talk's live road needs to know."""

    digest: bytes
    talk: UUID
    language: str
    was_quiet: bool  # it is time for a new sign of life


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


def visitors(digests: Collection[bytes]) -> Steps[dict[bytes, Visitor]]:
    """Those of these tickets that live and have a talk, by one query."""
    moment = now()
    limits = moment - settings.TICKET_IDLE, moment - settings.TICKET_ABSOLUTE
    found = yield from ask(PRESENT, moment - SEEN_EVERY, bytes_array(digests), *limits)
    return {row[0]: Visitor(*row) for row in found}
