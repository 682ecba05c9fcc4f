"""Say who is there, and move the door."""

from collections.abc import Iterable

from django.db import transaction

from helpline import events
from helpline.audit import actions as audit
from helpline.audit.models import Role, Subject, Verb
from helpline.clock import now
from helpline.staff import rules
from helpline.staff.models import Member
from triage.shifts import refusals
from triage.shifts.events import DoorMoved, PresenceChanged
from triage.shifts.hours import Hours
from triage.shifts.models import Door, OpeningHours, Presence


@transaction.atomic
def set_presence(*, member_id: int, state: str) -> None:
    """Say whether a counsellor is here, pausing or off; this is a sign of life too."""
    if state not in Presence.State.values:
        raise refusals.UnknownPresence
    presence = hold_presence(member_id=member_id)
    if not rules.may_counsel(presence.member):
        raise refusals.NotACounsellor
    changed, presence.state, presence.seen_at = presence.state != state, state, now()
    presence.save(update_fields=["state", "seen_at"])
    if changed:
        events.publish(PresenceChanged(member_id))
        _record(Verb.PRESENCE_CHANGED, member_id, Role.COUNSELLOR, outcome=state)


def mark_seen(*, member_id: int) -> None:
    """The desk of this member gave a sign of life just now."""
    Presence.objects.filter(pk=member_id).update(seen_at=now())


def hold_presence(*, member_id: int) -> Presence:
    """The member's presence, locked: whoever decides what they may take holds this first."""
    Presence.objects.get_or_create(member_id=member_id)
    locked = Presence.objects.select_for_update(of=("self",)).select_related("member")
    return locked.get(pk=member_id)


@transaction.atomic
def close_door(*, member_id: int) -> None:
    """No new visitors from now on; who is inside stays. Safe to repeat."""
    _move_door(member_id, closed=True)


@transaction.atomic
def open_door(*, member_id: int) -> None:
    """Leave the door to the opening hours again. Safe to repeat."""
    _move_door(member_id, closed=False)


@transaction.atomic
def set_hours(*, member_id: int, week: Iterable[Hours]) -> None:
    """Make `week` the opening hours."""
    _coordinator(member_id)
    OpeningHours.objects.all().delete()
    OpeningHours.objects.bulk_create(OpeningHours(**row._asdict()) for row in week)
    events.publish(DoorMoved())
    _record(Verb.HOURS_CHANGED, member_id, Role.COORDINATOR)


def _move_door(member_id: int, *, closed: bool) -> None:
    _coordinator(member_id)
    Door.objects.get_or_create()
    door = Door.objects.select_for_update().get()
    if door.closed_by_hand == closed:
        return
    door.closed_by_hand = closed
    door.save(update_fields=["closed_by_hand"])
    events.publish(DoorMoved())
    verb = Verb.DOOR_CLOSED if closed else Verb.DOOR_OPENED
    _record(verb, member_id, Role.COORDINATOR)


def _coordinator(member_id: int) -> None:
    member = Member.objects.filter(pk=member_id).first()
    if member is None or not rules.may_coordinate(member):
        raise refusals.NotTheCoordinator


def _record(verb: Verb, member_id: int, role: Role, *, outcome: str = "done") -> None:
    audit.record(
        verb=verb, actor=member_id, role=role, subject=Subject.LINE, reference="", outcome=outcome
    )
