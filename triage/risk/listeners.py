"""What the assessing of talks hears from the talks."""

from chat.conversations.events import Answered, Erased, RowAdded
from triage.risk import actions


def on_answered(event: Answered) -> None:
    """An answer may raise the level."""
    actions.assess(conversation_id=event.conversation_id)


def on_row(event: RowAdded) -> None:
    """Whoever joins the line has a level, also without any answer."""
    if event.kind == "waiting":
        actions.assess(conversation_id=event.conversation_id)


def on_erased(event: Erased) -> None:
    """What was derived from the answers goes with them."""
    actions.forget(conversation_id=event.conversation_id)
