"""What a desk asks for and tells, the same by socket and by plain HTTP."""

from collections.abc import Iterator
from typing import Literal

from helpline.live.consumer import Over
from helpline.staff.actions import doors
from helpline.staff.models import Member
from triage.live.board import board_of
from triage.live.frames import Board
from triage.shifts import actions as shifts


def board(*, member_id: int) -> Board:
    """The board of this member. Raises Over when they are no longer of the team."""
    member = Member.objects.filter(pk=member_id, is_active=True).first()
    if member is None:
        raise Over
    return board_of(member)


def beat(*, member_id: int, session_key: str, active: bool) -> None:
    """A sign of life; when somebody is `active` the login stays awake too."""
    shifts.mark_seen(member_id=member_id)
    if active:
        doors.touch_session(session_key=session_key)


def differ(before: Board | None, after: Board) -> bool:
    """Whether there is anything new to show; that time went by is not."""
    return before is None or before != after.model_copy(update={"at": before.at})


def news(before: Board | None, after: Board) -> Iterator[Literal["arrived", "offered"]]:
    """What to be alerted to. A desk that just opened looks for itself."""
    if before is None:
        return
    if {one.talk for one in after.entries} - {one.talk for one in before.entries}:
        yield "arrived"
    if {one.talk for one in after.offers} - {one.talk for one in before.offers}:
        yield "offered"
