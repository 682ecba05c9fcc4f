"""Who is on duty, and whether the door is open."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from helpline.clock import now
from helpline.staff.rules import Role
from triage.shifts import hours
from triage.shifts.models import Door, OpeningHours, Presence

State = Presence.State


def counsellors() -> QuerySet[Presence]:
    """The presence of everybody who may talk with visitors."""
    return Presence.objects.filter(
        member__is_active=True, member__roles__contains=[Role.COUNSELLOR.value]
    )


def on_duty() -> QuerySet[Presence]:
    """Counsellors who say they are here and whose desk gives signs of life."""
    alive = now() - settings.COUNSELLOR_OFFLINE_AFTER
    return counsellors().filter(state=State.HERE, seen_at__gte=alive)


def capacity() -> int:
    """How many talks those on duty can hold together."""
    return int(on_duty().count() * settings.TALKS_AT_ONCE)


def holding_but_absent() -> Q:
    """A condition on talks: their counsellor is off, silent too long, or may no longer talk.

    A counsellor who never opened a desk has no presence and is absent too.
    """
    alive = now() - settings.COUNSELLOR_OFFLINE_AFTER
    there = counsellors().exclude(state=State.OFF).filter(seen_at__gte=alive)
    return Q(counsellor__isnull=False) & ~Q(counsellor__in=there.values("member"))


def presence_of(member_id: int) -> str:
    """What this member says: here, pause or off."""
    found = Presence.objects.filter(pk=member_id).values_list("state", flat=True).first()
    return found or State.OFF.value


def closed_by_hand() -> bool:
    """Whether a coordinator closed the door."""
    return Door.objects.filter(closed_by_hand=True).exists()


def is_open() -> bool:
    """Whether new visitors may come in now."""
    return not closed_by_hand() and hours.is_open(now(), _hours())


def next_opening() -> datetime | None:
    """When the hours open the door; None while it is closed by hand, or without hours."""
    return None if closed_by_hand() else hours.next_opening(now(), _hours())


def week() -> list[hours.Hours]:
    """The opening hours of the week, in order."""
    return _hours()


def _hours() -> list[hours.Hours]:
    return [row.hours for row in OpeningHours.objects.all()]
