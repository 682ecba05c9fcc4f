"""What the audit hears of a talk: who did what, never a word of it."""

from chat.conversations.models import Conversation, Message
from helpline.audit.actions import record
from helpline.audit.models import Role, Subject, Verb
from helpline.vault import queries as vault


def note(
    verb: Verb,
    conversation: Conversation,
    *,
    member_id: int | None = None,
    by: Message.Author = Message.Author.COUNSELLOR,
    outcome: str = "done",
) -> None:
    """Write an entry in the caller's transaction. Call it last: it holds the pen.

    The talk stands there under a name that means nothing once its key is gone.
    """
    role = Role.SYSTEM if by == Message.Author.HOUSE else Role(by.value)
    reference = vault.open_key(conversation.key_id).handle("audit")
    record(
        verb=verb,
        actor=member_id,
        role=role,
        subject=Subject.TALK,
        reference=reference,
        outcome=outcome,
    )
