"""E16: what a client knows from rows equals what a fresh load says, whatever happened."""

import contextlib
import os
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.conversations import actions, queries
from chat.conversations.models import Conversation, Message
from chat.conversations.rows import Row, state_after
from helpline.errors import Refusal
from helpline.staff.demo import make_member

WALKS = 500 if os.environ.get("SOAK") else 40
NAMES = ("cem", "cleo", "chris")
VERBS = (
    "wait", "visitor_says", "counsellor_says", "assign", "give_back", "offer", "accept",
    "withdraw", "close",
)  # fmt: skip
STEP = st.tuples(
    st.sampled_from(VERBS),
    st.permutations(range(len(NAMES))),  # who does it, and to whom
    st.tuples(st.booleans(), st.booleans()),  # which of the two screens is on line
)


class Screen:
    """A client: it keeps rows, and is sometimes without a connection."""

    def __init__(self, talk: Conversation) -> None:
        self.talk = talk
        self.rows: list[Row] = []

    def pull(self) -> None:
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


def attempt(verb: str, talk, member, other) -> None:
    """One thing that somebody tries; much of it is refused, and that is fine."""
    say = {"conversation_id": talk, "client_id": uuid4(), "text": f"woord {verb}"}
    visitor, counsellor = Message.Author.VISITOR, Message.Author.COUNSELLOR
    tries = {
        "wait": lambda: actions.start_waiting(conversation_id=talk),
        "visitor_says": lambda: actions.post_message(author=visitor, **say),
        "counsellor_says": lambda: actions.post_message(author=counsellor, member_id=member, **say),
        "assign": lambda: actions.assign(conversation_id=talk, member_id=member),
        "give_back": lambda: actions.give_back(conversation_id=talk, reason="offline"),
        "offer": lambda: actions.offer_transfer(
            conversation_id=talk, member_id=member, to_id=other
        ),
        "accept": lambda: actions.accept_transfer(conversation_id=talk, member_id=member),
        "withdraw": lambda: actions.withdraw_offer(conversation_id=talk, member_id=member),
        "close": lambda: actions.close(
            conversation_id=talk, by=Conversation.ClosedBy.COUNSELLOR, member_id=member
        ),
    }
    with contextlib.suppress(Refusal):
        tries[verb]()


@pytest.mark.django_db(databases=["default", "owner", "keys"])
@settings(
    max_examples=WALKS,
    deadline=None,
    derandomize=not os.environ.get("SOAK"),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(walk=st.lists(STEP, min_size=5, max_size=30))
def test_E16_a_screen_that_heard_only_rows_shows_what_a_fresh_load_shows(walk):
    members = [make_member(name, ["counsellor"]).pk for name in NAMES]
    talk = actions.open_conversation(language="nl")
    screens = (Screen(talk), Screen(talk))
    for verb, order, online in [("wait", (0, 1, 2), (True, True)), *walk]:
        attempt(verb, talk.pk, members[order[0]], members[order[1]])
        for screen, is_online in zip(screens, online, strict=True):
            if is_online:
                screen.pull()
    for screen in screens:
        screen.pull()
        check_against_a_fresh_load(screen, Conversation.objects.get(pk=talk.pk))


def check_against_a_fresh_load(screen: Screen, fresh: Conversation) -> None:
    everything: list[Row] = queries.rows(conversation=fresh, after=0, limit=10_000)
    assert screen.rows == everything
    assert [row.number for row in screen.rows] == list(range(1, fresh.last_number + 1))
    assert screen.state == fresh.state
    if fresh.state == "claimed":
        assert screen.counsellor == fresh.counsellor.alias
