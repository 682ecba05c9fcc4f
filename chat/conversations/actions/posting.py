"""Post messages: of one talk, or of many talks in one commit.

Each message keeps its own rules, its own number and its own refusal; what they
share is the commit with its fsync. Nothing is locked while we look, seal and
number. The write takes the lock of each talk and counts only where nothing
happened in the talk meanwhile; elsewhere the answer is Later, and whoever asked
asks again. So no talk delays another, and none is ever written twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction

from chat.conversations import refusals
from chat.conversations.actions import ledger
from chat.conversations.actions.ledger import Line, Mark, Talk
from chat.conversations.events import Said
from chat.conversations.models import Conversation, Message
from chat.conversations.rows import Row, copy_place, packed, place_of
from chat.conversations.rules import clean_text
from helpline.clock import now
from helpline.errors import Later, NotFound, Refusal, SlowDown
from helpline.steps import Afterwards, Elsewhere, Steps, done
from helpline.vault import held
from helpline.vault.refusals import Shredded
from helpline.vault.sealing import SealingKey

State = Conversation.State
Author = Message.Author
SAID = Message.Kind.SAID.value
BURST, WINDOW = 200, timedelta(seconds=10)  # the socket's own budget: 20 a second
LONGEST_TALK = 5000  # rows: a night of talking has a few hundred


class Post(NamedTuple):
    """What somebody wants to say. The same `client_id` again is the same message."""

    conversation_id: UUID
    author: str
    client_id: UUID
    text: str
    member_id: int | None = None

    @property
    def mark(self) -> Mark:
        """What makes it this message and no other."""
        return self.conversation_id, self.author, self.client_id


class Posted(NamedTuple):
    """A message stands in its talk."""

    number: int
    at: datetime


@transaction.atomic
def post_message(
    *,
    conversation_id: UUID,
    author: str,
    client_id: UUID,
    text: str,
    member_id: int | None = None,
) -> Posted:
    """Seal `text` as the talk's next row; the same `client_id` again gives the same row.

    The row lock gives each message its own number, so a reader who knows the
    last number it saw can always ask for the rest. A counsellor must be the
    one the talk is with, checked under the same lock.
    """
    post = Post(conversation_id, author, client_id, text, member_id)
    (outcome,) = done(post_messages([post], wait=True))
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def post_messages(posts: Sequence[Post], *, wait: bool = False) -> Steps[list[Posted | Refusal]]:
    """Post them all, each for itself: where it stands, or why it does not.

    What is answered is true once it is committed. A message in a talk in which
    somebody else does something at this moment is answered with Later, unless
    we `wait`; that holds the talk until the end of the caller's transaction.
    """
    if not posts:
        return []
    if wait:
        yield from ledger.hold({post.conversation_id for post in posts})
    group = yield from _looked(posts)
    outcomes = [group.take(post) for post in posts]
    grown = {line.talk: group.talks[line.talk] for line, _ in group.written}
    lines = [line for line, _ in group.written]
    stand = yield from ledger.write(grown.values(), lines, group.at)
    for line, copy in group.written:
        if line.talk in stand:
            yield Afterwards(Said(line.talk, line.number, copy))
    return [
        Later() if group.is_new(post, outcome) and post.conversation_id not in stand else outcome
        for post, outcome in zip(posts, outcomes, strict=True)
    ]


def _looked(posts: Sequence[Post]) -> Steps["Group"]:
    """Learn all that decides about these messages."""
    asked, at = {post.conversation_id for post in posts}, now()
    talks, known = yield from ledger.look(asked, {post.mark for post in posts})
    marks = [
        (talk.id, talk.last_number - BURST) for talk in talks.values() if talk.last_number > BURST
    ]
    keys = yield from _keys(talks)
    flooded = yield from ledger.younger(marks, than=at - WINDOW)
    return Group(at=at, talks=talks, known=known, keys=keys, flooded=flooded)


def _keys(talks: dict[UUID, Talk]) -> Steps[dict[UUID, SealingKey]]:
    """The keys of these talks; only those that are not at hand cost a visit to the vault."""
    wanted = {talk.key_id for talk in talks.values()}
    keys = {key_id: key for key_id in wanted if (key := held.at_hand(key_id)) is not None}
    if len(keys) < len(wanted):
        keys |= yield Elsewhere(partial(held.open_keys, wanted - keys.keys()))
    return keys


@dataclass
class Group:
    """The messages of one commit, and their talks as they were when we looked."""

    at: datetime
    talks: dict[UUID, Talk]
    known: dict[Mark, ledger.Known]  # messages that stand already
    keys: dict[UUID, SealingKey]
    flooded: set[UUID]  # talks that got BURST rows within WINDOW, by whatever road
    written: list[tuple[Line, bytes]] = field(default_factory=list)  # with its sealed copy

    def take(self, post: Post) -> Posted | Refusal:
        """Number and seal one message, or say why not."""
        try:
            text = clean_text(post.text, longest=settings.LONGEST_MESSAGE)
            talk = self._talk_of(post)
            before = self.known.get(post.mark)
            if before is None:
                return self._write(talk, post, text)
            if before.member_id != post.member_id:
                raise NotFound
            return Posted(before.number, before.at)
        except Refusal as refusal:
            return refusal

    def is_new(self, post: Post, outcome: Posted | Refusal) -> bool:
        """Whether this message stands only if the group is written."""
        if isinstance(outcome, Refusal):
            return False
        return outcome.number > self.talks[post.conversation_id].looked_at

    def _talk_of(self, post: Post) -> Talk:
        talk = self.talks.get(post.conversation_id)
        if talk is None:
            raise NotFound
        return talk

    def _write(self, talk: Talk, post: Post, text: str) -> Posted:
        self._refuse(talk, post)
        key = self._key_of(talk)
        row = self._row(talk, post, text)
        name = str(talk.id)
        box = key.seal(text, place=place_of(name, row.number))
        copy = key.seal(packed(row, talk.counsellor_id), place=copy_place(name, row.number))
        line = Line(talk.id, row.number, post.author, post.member_id, post.client_id, box)
        self.written.append((line, copy))
        talk.last_number = row.number
        self.known[post.mark] = ledger.Known(post.member_id, self.at, row.number)
        return Posted(row.number, self.at)

    def _refuse(self, talk: Talk, post: Post) -> None:
        """The rules for one more message in this talk."""
        if post.author == Author.COUNSELLOR and talk.counsellor_id != post.member_id:
            raise NotFound
        if talk.state not in (State.WAITING, State.CLAIMED):
            raise refusals.ConversationClosed
        if talk.last_number >= LONGEST_TALK:
            raise refusals.TalkFull
        if talk.id in self.flooded:
            raise SlowDown

    def _row(self, talk: Talk, post: Post, text: str) -> Row:
        return Row(
            number=talk.last_number + 1,
            kind=SAID,
            author=post.author,
            who=talk.alias or "" if post.member_id is not None else "",
            at=self.at,
            text=text,
            client_id=post.client_id,
        )

    def _key_of(self, talk: Talk) -> SealingKey:
        key = self.keys.get(talk.key_id)
        if key is None:
            raise Shredded
        return key
