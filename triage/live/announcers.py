"""Who rings the board's bell: one bell for everybody who works the desk."""

from chat.conversations.events import Erased, RowAdded, TransferOffered
from helpline.live.announce import ring
from helpline.staff.events import MemberRevoked
from triage.live.bell import BOARD, CHANGED
from triage.risk.events import Assessed
from triage.shifts.events import DoorMoved, PresenceChanged


def on_row(event: RowAdded) -> None:
    """Every change of a talk's state may change the board; what is said does not."""
    ring(BOARD, CHANGED)


def on_change(event: Assessed | TransferOffered | Erased | PresenceChanged | DoorMoved) -> None:
    """Something else on the board changed."""
    ring(BOARD, CHANGED)


def on_revoked(event: MemberRevoked) -> None:
    """Somebody's rights changed: every board asks again whether it may stay."""
    ring(BOARD, CHANGED)
