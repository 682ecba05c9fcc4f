"""Join the line, take somebody out of it, and lose nobody. Only here is the line written."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from chat.conversations import actions as conversations
from chat.conversations.models import Conversation, Message
from chat.conversations.refusals import NotWaiting
from helpline.clock import now
from helpline.staff import rules
from triage.line import order, queries
from triage.line.models import Place, Turn
from triage.line.refusals import AtCapacity, ColleagueAway, NobodyWaits, NotHere
from triage.shifts import actions as shifts
from triage.shifts import queries as on_shift
from triage.shifts.models import Presence
from triage.shifts.refusals import NotACounsellor

RETURNED = Message.Kind.RETURNED


def join(*, conversation_id: UUID) -> None:
    """Give a waiting talk its place. Safe to repeat."""
    _join(Conversation.objects.filter(pk=conversation_id))


def join_missed() -> int:
    """Give a place to everybody who waits without one. Returns how many."""
    return _join(Conversation.objects.filter(place__isnull=True))


def leave(*, conversation_id: UUID) -> None:
    """The talk waits no longer. Safe to repeat."""
    Place.objects.filter(pk=conversation_id).exclude(
        conversation__state=Conversation.State.WAITING
    ).delete()


@transaction.atomic
def claim(*, member_id: int, conversation_id: UUID) -> None:
    """Take this waiting talk. One winner; everybody else is told it is taken.

    Raises NotWaiting, AtCapacity, NotHere or NotACounsellor.
    """
    _ready_to_take(member_id)
    turn = _hold_turn()
    place = queries.places().select_for_update(of=("self",)).filter(pk=conversation_id).first()
    if place is None:
        raise NotWaiting
    _take(place, turn, member_id)


@transaction.atomic
def take_next(*, member_id: int) -> UUID:
    """Take whoever is next; returns the talk. Raises NobodyWaits, and as `claim`."""
    _ready_to_take(member_id)
    turn = _hold_turn()
    here = queries.places().filter(queries.present()).select_for_update(of=("self",)).order_by("pk")
    found = {place.pk: place for place in here}
    placed = order.in_order([queries.waiting(place) for place in found.values()], turn.picks)
    if not placed:
        raise NobodyWaits
    talk = placed[0].waiting.talk
    _take(found[talk], turn, member_id)
    return talk


def offer(*, member_id: int, conversation_id: UUID, to_id: int) -> None:
    """Ask a colleague who is on duty to take over my talk; it stays mine until they accept."""
    if not on_shift.on_duty().filter(pk=to_id).exists():
        raise ColleagueAway
    conversations.offer_transfer(conversation_id=conversation_id, member_id=member_id, to_id=to_id)


@transaction.atomic
def accept(*, member_id: int, conversation_id: UUID) -> None:
    """Take over a colleague's talk that was offered to me. Raises as `claim` does."""
    _ready_to_take(member_id)
    conversations.accept_transfer(conversation_id=conversation_id, member_id=member_id)


def release(*, member_id: int, conversation_id: UUID) -> None:
    """Give my talk back: it goes to the head of the line, its waiting time kept."""
    conversations.give_back(conversation_id=conversation_id, reason="released", member_id=member_id)


def return_talks_of(*, member_id: int) -> int:
    """Return all talks of somebody who goes off duty. Returns how many."""
    return _return(Q(counsellor_id=member_id))


def return_orphans() -> int:
    """Return the talks whose counsellor fell away to the head of the line. Returns how many."""
    return _return(on_shift.holding_but_absent())


def close_gone() -> int:
    """Close the talks whose visitor did not come back to their place in time. Returns how many."""
    gone = _gone().values_list("pk", flat=True)
    return sum(_close_gone(conversation_id) for conversation_id in list(gone))


def sweep_places() -> int:
    """Remove places that lag behind their talk. Returns how many."""
    stale = Place.objects.exclude(conversation__state=Conversation.State.WAITING)
    return stale.delete()[0]


def _join(candidates: QuerySet[Conversation]) -> int:
    returned = Message.objects.filter(conversation=OuterRef("pk"), kind=RETURNED)
    waiting = candidates.filter(state=Conversation.State.WAITING)
    new = [
        Place(conversation_id=pk, returned=again)
        for pk, again in waiting.values_list("pk", Exists(returned))
    ]
    return len(Place.objects.bulk_create(new, ignore_conflicts=True))


def _return(whose: Q) -> int:
    held = Conversation.objects.filter(whose, state=Conversation.State.CLAIMED)
    talks = list(held.values_list("pk", flat=True))
    return sum(_return_one(held.filter(pk=talk)) for talk in talks)


@transaction.atomic
def _return_one(held: QuerySet[Conversation]) -> bool:
    """Give the talk back, unless something happened to it while we looked."""
    talk = held.select_for_update(of=("self",)).first()
    if talk is None:
        return False
    conversations.give_back(conversation_id=talk.pk, reason="offline")
    return True


def _ready_to_take(member_id: int) -> None:
    """Hold the member's presence and refuse whoever may not take a talk now."""
    presence = shifts.hold_presence(member_id=member_id)
    if not rules.may_counsel(presence.member):
        raise NotACounsellor
    if presence.state != Presence.State.HERE:
        raise NotHere
    held = Conversation.objects.filter(state=Conversation.State.CLAIMED, counsellor_id=member_id)
    if held.count() >= settings.TALKS_AT_ONCE:
        raise AtCapacity


def _hold_turn() -> Turn:
    Turn.objects.get_or_create()
    return Turn.objects.select_for_update().get()


def _take(place: Place, turn: Turn, member_id: int) -> None:
    """Hand the talk to the member and count the pick. The caller holds turn and place."""
    here = queries.places().filter(queries.present())
    picked = queries.waiting(place)
    everybody = {picked, *(queries.waiting(one) for one in here)}
    turn.picks = order.picks_after(picked, everybody, turn.picks)
    turn.save(update_fields=["picks"])
    talk = place.conversation_id
    place.delete()
    conversations.assign(conversation_id=talk, member_id=member_id)


def _gone() -> QuerySet[Conversation]:
    limit = now() - settings.VISITOR_GONE_AFTER - settings.PLACE_KEPT_FOR
    return Conversation.objects.filter(state=Conversation.State.WAITING, visitor_seen_at__lt=limit)


@transaction.atomic
def _close_gone(conversation_id: UUID) -> bool:
    """Close the talk, unless the visitor came back while we looked."""
    still = _gone().select_for_update(of=("self",)).filter(pk=conversation_id)
    if not still.exists():
        return False
    conversations.close(conversation_id=conversation_id, by=Conversation.ClosedBy.GONE)
    return True
