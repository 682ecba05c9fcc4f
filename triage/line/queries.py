"""The line as it is now, and what it means for whoever is in it or at the door."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from chat.conversations.models import Conversation, Message
from chat.visitors.outlook import Door
from chat.visitors.outlook import Place as Outlook
from helpline.clock import now
from triage.line import order, waits
from triage.line.models import Place, Turn
from triage.risk.scoring import Level
from triage.shifts import queries as shifts

RECENT = timedelta(hours=3)
MOST_CLAIMS = 60


def places() -> QuerySet[Place]:
    """The places of talks that wait; one that lags behind its talk does not count."""
    waiting = Place.objects.filter(conversation__state=Conversation.State.WAITING)
    return waiting.select_related("conversation__assessment", "conversation__answers")


def present() -> Q:
    """A condition on places: the visitor gave a sign of life just now."""
    return Q(conversation__visitor_seen_at__gte=now() - settings.VISITOR_GONE_AFTER)


def line() -> list[tuple[order.Placed, Place]]:
    """The present visitors, next first, each with its place."""
    found = {place.conversation_id: place for place in places().filter(present())}
    placed = order.in_order([waiting(place) for place in found.values()], picks())
    return [(one, found[one.waiting.talk]) for one in placed]


def waiting(place: Place) -> order.Waiting:
    """A place as the rules see it."""
    talk = place.conversation
    return order.Waiting(
        talk=talk.pk,
        rank=level_of(talk).rank,
        since=talk.waiting_since or talk.opened_at,
        returned=place.returned,
    )


def level_of(talk: Conversation) -> Level:
    """The talk's level; routine until it is assessed."""
    assessment = getattr(talk, "assessment", None)
    return Level(assessment.level) if assessment else Level.ROUTINE


def picks() -> int:
    """How many picks were not acute, up to now."""
    return Turn.objects.values_list("picks", flat=True).first() or 0


def places_of(conversation_ids: Collection[UUID]) -> dict[UUID, Outlook]:
    """How many present visitors are before each of these; who does not wait is left out.

    Whoever asks is there, also when their last sign of life was a while ago.
    """
    here = places().filter(present() | Q(pk__in=conversation_ids))
    placed = order.in_order([waiting(place) for place in here], picks())
    asked, claims = set(conversation_ids), recent_claims()
    return {
        one.waiting.talk: Outlook(ahead, *(waits.expected(ahead, claims) or (None, None)))
        for ahead, one in enumerate(placed)
        if one.waiting.talk in asked
    }


def door() -> Door:
    """What whoever stands at the door is told."""
    if not shifts.is_open():
        return Door(open=False, opens_at=shifts.next_opening())
    ahead = places().filter(present()).count()
    minutes = waits.expected(ahead, recent_claims())
    low, high = minutes or (None, None)
    return Door(waiting=ahead, low=low, high=high, staffed=shifts.on_duty().exists())


def recent_claims() -> list[waits.Claimed]:
    """Who was claimed for the first time in the last hours: since when they waited, and when."""
    claims = Message.objects.filter(
        kind=Message.Kind.CLAIMED,
        at__gte=now() - RECENT,
        conversation__waiting_since__isnull=False,
    )
    found = claims.order_by("-at").values_list("conversation__waiting_since", "at")
    return [waits.Claimed(since, at) for since, at in found[:MOST_CLAIMS] if since]
