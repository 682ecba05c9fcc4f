"""Read the audit: for the auditor's page, and to see that nobody changed it."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.db.models import Max, QuerySet

from helpline.audit import chain
from helpline.audit.models import Entry, Head

CHUNK = 2000


def entries() -> QuerySet[Entry]:
    """All entries, the newest first."""
    return Entry.objects.order_by("-number")


def of_day(day: date) -> QuerySet[Entry]:
    """The entries of one day in local time, the newest first."""
    return entries().filter(hour__date=day)


def by_actor(member_id: int) -> QuerySet[Entry]:
    """What one team member did, the newest first."""
    return entries().filter(actor=member_id)


def about(reference: str) -> QuerySet[Entry]:
    """What was done with one thing, the newest first."""
    return entries().filter(reference=reference)


def head() -> chain.Mark:
    """Where the chain ends now."""
    found = Head.objects.get()
    return chain.Mark(found.number, bytes(found.hash))


def findings(*, end: chain.Mark, witness: chain.Mark | None = None) -> Iterator[chain.Finding]:
    """Every flaw of the chain up to `end`, a head that was read before.

    Entries written meanwhile are past `end` and left alone; those that even a
    fresh head has not seen were smuggled in.
    """
    key = chain.read_key(settings.AUDIT_KEY)
    yield from chain.verify(key, _links(end.number), head=end, witness=witness)
    yield from _unseen()


def _links(last: int) -> Iterator[chain.Link]:
    columns = (*chain.Line.__slots__, "previous", "hash")
    rows = Entry.objects.filter(number__lte=last).order_by("number").values_list(*columns)
    for *content, previous, digest in rows.iterator(chunk_size=CHUNK):
        yield chain.Link(chain.Line(*content), previous, digest)


def _unseen() -> Iterator[chain.Finding]:
    newest = Entry.objects.aggregate(number=Max("number"))["number"] or 0
    known = head().number  # read after the entries, so it cannot lag behind them
    if newest > known:
        yield chain.Finding(chain.Flaw.TAIL_UNKNOWN, known + 1, newest)
