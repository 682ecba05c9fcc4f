"""What the line hears from the talks and the shift."""

from chat.conversations.events import RowAdded
from helpline.staff.events import MemberRevoked
from triage.line import actions

JOINS = frozenset({"waiting", "returned"})
LEAVES = frozenset({"claimed", "closed"})


def on_row(event: RowAdded) -> None:
    """Whoever waits gets a place; whoever waits no longer gives it up."""
    if event.kind in JOINS:
        actions.join(conversation_id=event.conversation_id)
    elif event.kind in LEAVES:
        actions.leave(conversation_id=event.conversation_id)


def on_revoked(event: MemberRevoked) -> None:
    """Whoever lost their access holds no talk any more, if they may not counsel or are out."""
    actions.return_orphans()
