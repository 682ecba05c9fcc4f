"""Pull by number: the contract that every road shares, socket or plain HTTP.

Each function checks the right to read again, in the database, before a single
row leaves.
"""

from uuid import UUID

from django.db import transaction

from chat.conversations import actions, queries
from chat.conversations.models import Conversation, Message
from chat.live.frames import Gone, Outlook, RowFrame, Say, SayIn, Sent, UpToDate, row_frame
from chat.visitors import actions as visitors
from chat.visitors import outlook
from chat.visitors import queries as tickets
from chat.visitors.models import Ticket
from helpline.errors import NotFound
from helpline.live.consumer import Over
from helpline.vault.refusals import Shredded

PAGE = queries.PAGE
Delivered = RowFrame | UpToDate | Gone | Outlook


def ticket_of(token: str, talk: UUID | None = None) -> Ticket:
    """The living ticket with a talk: with `talk`, when given. Raises Over."""
    ticket = tickets.find(token)
    if ticket is None or ticket.conversation_id is None:
        raise Over
    if talk is not None and ticket.conversation_id != talk:
        raise Over
    return ticket


def sign_of_life(*, token: str, talk: UUID) -> None:
    """The visitor's socket is open, so the visitor is there."""
    visitors.mark_seen(ticket=ticket_of(token, talk))


def to_visitor(
    *, token: str, after: int, talk: UUID | None = None, seen: bool = False
) -> list[Delivered]:
    """What the visitor does not have yet, and where things stand.

    `talk` is the one a socket was opened for; `seen` says the visitor asked.
    """
    ticket = ticket_of(token, talk)
    if seen:
        visitors.mark_seen(ticket=ticket)
    conversation = queries.get(ticket.conversation_id)  # type: ignore[arg-type]
    frames = _rows(conversation, after)
    if conversation.state == Conversation.State.WAITING and (
        place := outlook.place_of(conversation.pk)
    ):
        frames.append(Outlook(ahead=place.ahead, low=place.low, high=place.high))
    return frames


@transaction.atomic
def to_counsellor(
    *, member_id: int, talk: UUID, after: int, opened: bool = False
) -> list[Delivered]:
    """What this counsellor does not have yet of a talk that is theirs; else Gone.

    Unless this reader `opened` the talk before, the audit hears of it in the
    same transaction: nothing leaves before that is committed.
    """
    try:
        conversation = queries.for_counsellor(conversation_id=talk, member_id=member_id)
    except NotFound as refusal:
        erased = queries.was_erased(conversation_id=talk, member_id=member_id)
        return [Gone(talk=talk, code="erased" if erased else refusal.code)]
    frames = _rows(conversation, after, talk=talk)
    if has_rows(frames) and not opened:
        actions.note_opening(conversation=conversation, member_id=member_id)
    return frames


def from_visitor(*, token: str, say: Say, talk: UUID | None = None) -> Sent:
    """Post what the visitor says. The answer leaves only after the commit."""
    ticket = ticket_of(token, talk)
    message = actions.post_message(
        conversation_id=ticket.conversation_id,  # type: ignore[arg-type]
        author=Message.Author.VISITOR,
        client_id=say.client_id,
        text=say.text,
    )
    visitors.mark_seen(ticket=ticket)
    return Sent(client_id=say.client_id, number=message.number, at=message.at)


def from_counsellor(*, member_id: int, say: SayIn) -> Sent:
    """Post what the counsellor says in one of their talks."""
    message = actions.post_message(
        conversation_id=say.talk,
        author=Message.Author.COUNSELLOR,
        client_id=say.client_id,
        text=say.text,
        member_id=member_id,
    )
    return Sent(talk=say.talk, client_id=say.client_id, number=message.number, at=message.at)


def _rows(conversation: Conversation, after: int, talk: UUID | None = None) -> list[Delivered]:
    if conversation.erased:
        return [Gone(talk=talk, code="erased")]
    try:
        rows = queries.rows(conversation=conversation, after=after)
    except Shredded:
        return [Gone(talk=talk, code="erased")]
    frames: list[Delivered] = [row_frame(row, talk) for row in rows]
    if len(rows) < PAGE:
        last = rows[-1].number if rows else max(after, conversation.last_number)
        frames.append(UpToDate(talk=talk, last=last, state=conversation.state))
    return frames


def has_rows(frames: list[Delivered]) -> bool:
    """Whether a word or a change of the talk is among `frames`."""
    return any(isinstance(frame, RowFrame) for frame in frames)


def is_gone(frames: list[Delivered]) -> bool:
    """Whether the talk may not be read any more."""
    return any(isinstance(frame, Gone) for frame in frames)


def talks_of(*, member_id: int) -> list[UUID]:
    """The talks this counsellor may read now, oldest first."""
    mine = queries.readable_by(member_id).order_by("claimed_at", "pk")
    return list(mine.values_list("pk", flat=True))
