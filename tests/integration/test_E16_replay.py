"""E16: what a client knows from rows equals what a fresh load says, whatever happened."""

import contextlib
import os
import random
from uuid import uuid4

import pytest

from chat.conversations import actions, queries
from chat.conversations.models import Conversation, Message
from chat.conversations.rows import Row, state_after
from helpline.errors import Refusal
from helpline.staff.demo import make_member

WALKS = 300 if os.environ.get("SOAK") else 25
STEPS = 25


class Screen:
    """A client: it keeps rows, and is sometimes without a connection."""

    def __init__(self, talk: Conversation) -> None:
        self.talk, self.rows, self.online = talk, [], True  # type: ignore[var-annotated]

    def pull(self) -> None:
        if self.online:
            after = self.rows[-1].number if self.rows else 0
            self.rows += queries.rows(conversation=self.talk, after=after)

    @property
    def state(self) -> str:
        return state_after([row.kind for row in self.rows])

    @property
    def counsellor(self) -> str:
        """Whose name is on the screen now."""
        who = ""
        for row in self.rows:
            if row.kind in ("claimed", "transferred"):
                who = row.who
            elif row.kind == "returned":
                who = ""
        return who


def step(dice: random.Random, talk_id, members) -> None:
    """One thing that somebody in the house tries; half of it is refused, and that is fine."""
    member, other = dice.sample(members, 2)
    say = {"client_id": uuid4(), "text": f"woord {dice.random()}"}
    tries = [
        lambda: actions.start_waiting(conversation_id=talk_id),
        lambda: actions.post_message(conversation_id=talk_id, author=Message.Author.VISITOR, **say),
        lambda: actions.post_message(
            conversation_id=talk_id,
            author=Message.Author.COUNSELLOR,
            member_id=member.pk,
            **say,
        ),
        lambda: actions.assign(conversation_id=talk_id, member_id=member.pk),
        lambda: actions.give_back(conversation_id=talk_id, reason="offline"),
        lambda: actions.offer_transfer(
            conversation_id=talk_id, member_id=member.pk, to_id=other.pk
        ),
        lambda: actions.accept_transfer(conversation_id=talk_id, member_id=member.pk),
        lambda: actions.withdraw_offer(conversation_id=talk_id, member_id=member.pk),
    ]
    if dice.random() < 0.02:
        tries = [lambda: actions.close(conversation_id=talk_id, by=Conversation.ClosedBy.VISITOR)]
    with contextlib.suppress(Refusal):
        dice.choice(tries)()


@pytest.mark.django_db(databases=["default", "owner", "keys"])
def test_E16_a_screen_that_heard_only_rows_shows_what_a_fresh_load_shows():
    members = [make_member(name, ["counsellor"]) for name in ("cem", "cleo", "chris")]
    for seed in range(WALKS):
        dice = random.Random(seed)
        talk = actions.open_conversation(language="nl")
        screens = [Screen(talk), Screen(talk)]
        for _ in range(STEPS):
            step(dice, talk.pk, members)
            for screen in screens:
                screen.online = dice.random() > 0.3
                screen.pull()
        for screen in screens:
            screen.online = True
            screen.pull()
            check_against_a_fresh_load(screen, Conversation.objects.get(pk=talk.pk))


def check_against_a_fresh_load(screen: Screen, fresh: Conversation) -> None:
    everything: list[Row] = queries.rows(conversation=fresh, after=0, limit=10_000)
    assert screen.rows == everything
    assert [row.number for row in screen.rows] == list(range(1, fresh.last_number + 1))
    assert screen.state == fresh.state
    if fresh.state == "claimed":
        assert screen.counsellor == fresh.counsellor.alias
