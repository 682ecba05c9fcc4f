"""What the audit hears of a talk: who did what, never a word of it."""

from collections.abc import Collection

from chat.conversations.models import Conversation, Message
from chat.conversations.pages import Head
from helpline.audit.actions import Deed, record, record_all
from helpline.audit.models import Role, Subject, Verb
from helpline.vault import held
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


def note_openings(openings: Collection[tuple[Head, int]]) -> None:
    """Write down which counsellors open which talks, in the caller's transaction, last."""
    keys = held.open_keys({talk.key_id for talk, _ in openings})
    record_all(
        [
            Deed(
                verb=Verb.OPENED_TALK,
                actor=member_id,
                role=Role.COUNSELLOR,
                subject=Subject.TALK,
                reference=keys[talk.key_id].handle("audit"),
            )
            for talk, member_id in openings
        ]
    )
