"""Say something: the other half of the contract, for every road, socket or plain HTTP.

The right to speak is checked again for each message, in the database, by the
same steps that write it. The answers leave only after the commit.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from chat.conversations import actions
from chat.conversations.actions import Post
from chat.conversations.models import Message
from chat.live.delivery import Visit, present
from chat.live.frames import Say, SayIn, Sent
from chat.visitors.queries import Visitor
from helpline.errors import Refusal
from helpline.live.consumer import Over
from helpline.staff import queries as staff
from helpline.staff.queries import SignedIn
from helpline.steps import Steps


class Said(NamedTuple):
    """What a visitor says."""

    visit: Visit
    say: Say


class SaidAt(NamedTuple):
    """What a counsellor says, in the session with this key."""

    session_key: str
    say: SayIn


def talk_of(said: Said | SaidAt) -> UUID | None:
    """Whose order a message keeps."""
    return said.say.talk if isinstance(said, SaidAt) else said.visit.talk


def posted(said: Sequence[Said | SaidAt], *, wait: bool = False) -> Steps[list[Sent | Refusal]]:
    """Post what visitors and counsellors say. The answers leave only after the commit.

    Unless we `wait`, a message in a talk that somebody else holds is answered with Later.
    """
    posts = yield from _posts(said)
    allowed = [post for post in posts if isinstance(post, Post)]
    outcomes = iter((yield from actions.post_messages(allowed, wait=wait)))
    return [
        _sent(next(outcomes), each) if isinstance(post, Post) else post
        for post, each in zip(posts, said, strict=True)
    ]


def _posts(said: Sequence[Said | SaidAt]) -> Steps[list[Post | Refusal]]:
    """Each with the right that its speaker has now; Over without one."""
    visits = [each.visit for each in said if isinstance(each, Said)]
    keys = [each.session_key for each in said if isinstance(each, SaidAt)]
    visitors_now = iter((yield from present(visits)) if visits else ())
    members_now = iter((yield from staff.sessions(keys)) if keys else ())
    return [
        _by_visitor(each, next(visitors_now))
        if isinstance(each, Said)
        else _by_counsellor(each, next(members_now))
        for each in said
    ]


def _by_visitor(said: Said, visitor: Visitor | Refusal) -> Post | Refusal:
    if isinstance(visitor, Refusal):
        return visitor
    return Post(visitor.talk, Message.Author.VISITOR, said.say.client_id, said.say.text)


def _by_counsellor(said: SaidAt, member: SignedIn | None) -> Post | Refusal:
    if member is None:
        return Over()
    say = said.say
    return Post(say.talk, Message.Author.COUNSELLOR, say.client_id, say.text, member.pk)


def _sent(outcome: actions.Posted | Refusal, said: Said | SaidAt) -> Sent | Refusal:
    if isinstance(outcome, Refusal):
        return outcome
    talk = said.say.talk if isinstance(said, SaidAt) else None
    return Sent(talk=talk, client_id=said.say.client_id, number=outcome.number, at=outcome.at)
