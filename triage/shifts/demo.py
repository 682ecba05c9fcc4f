"""A week and a presence to try things with: open around the clock. Never in production."""

from datetime import time

from django.conf import settings

from helpline.staff.models import Member
from triage.shifts import actions
from triage.shifts.hours import Hours
from triage.shifts.models import OpeningHours, Presence

MIDNIGHT = time(0)
ALWAYS = [Hours(weekday, MIDNIGHT, MIDNIGHT) for weekday in range(7)]


def always_open() -> None:
    """Open around the clock, unless somebody has set hours."""
    if not OpeningHours.objects.exists():
        OpeningHours.objects.bulk_create(OpeningHours(**row._asdict()) for row in ALWAYS)


def on_shift(member: Member) -> None:
    """This counsellor is here from now on, for as long as their desk is open."""
    if settings.PRODUCTION:
        raise RuntimeError("demo data does not exist in production")
    actions.set_presence(member_id=member.pk, state=Presence.State.HERE)
