"""E19: fifty counsellors claim one talk at once; one has it, the others are told."""

import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connections

from chat.conversations import actions as conversations
from chat.conversations.models import Conversation, Message
from helpline.audit.models import Entry, Verb
from helpline.errors import Refusal
from helpline.staff.demo import make_member
from helpline.staff.models import Member
from triage.line import actions as line
from triage.line.models import Place
from triage.shifts import actions as shifts

CROWD = 50
ROUNDS = 1000 if os.environ.get("SOAK") else 20


class Crowd:
    """Counsellors who are here, each at a desk (a thread) of their own."""

    def __init__(self) -> None:
        names = [f"counsellor{number}" for number in range(CROWD)]
        self.ids = [make_member(name, ["counsellor"]).pk for name in names]
        for member_id in self.ids:
            shifts.set_presence(member_id=member_id, state="here")
        self.pool = ThreadPoolExecutor(CROWD)

    def all_at_once(self, attempt, ids: list[int] | None = None) -> list[str]:
        """Everybody tries at the same moment; what each was answered."""
        ids = random.sample(self.ids, CROWD) if ids is None else ids
        start = threading.Barrier(len(ids))

        def one(member_id: int) -> str:
            start.wait(20)
            try:
                attempt(member_id)
            except Refusal as refusal:
                return refusal.code
            return "won"

        return sorted(self.pool.map(one, ids))

    def go_home(self) -> None:
        together = threading.Barrier(CROWD)
        list(self.pool.map(lambda _: (together.wait(20), connections.close_all()), range(CROWD)))
        self.pool.shutdown()


@pytest.fixture
def crowd():
    """Fifty counsellors who are here."""
    crowd = Crowd()
    yield crowd
    crowd.go_home()


def somebody_waits() -> UUID:
    talk = conversations.open_conversation(language="nl").pk
    conversations.start_waiting(conversation_id=talk)
    return talk


@pytest.mark.timeout(3600 if os.environ.get("SOAK") else 120)
def test_E19_one_of_fifty_gets_the_talk_and_the_others_hear_that_it_is_taken(crowd):
    for _ in range(ROUNDS):
        talk = somebody_waits()
        answers = crowd.all_at_once(
            lambda member_id, talk=talk: line.claim(member_id=member_id, conversation_id=talk)
        )
        assert answers == ["taken"] * (CROWD - 1) + ["won"]
        kept = Conversation.objects.get(pk=talk)
        assert kept.state == "claimed" and kept.counsellor_id in crowd.ids
        claims = Message.objects.filter(conversation=talk, kind="claimed")
        assert [row.member_id for row in claims] == [kept.counsellor_id]
        conversations.close(conversation_id=talk, by="counsellor", member_id=kept.counsellor_id)
    assert Entry.objects.filter(verb=Verb.CLAIMED).count() == ROUNDS
    assert not Place.objects.exists()


def test_E19_fifty_times_next_hands_out_each_waiting_talk_once(crowd):
    talks = {somebody_waits() for _ in range(30)}
    answers = crowd.all_at_once(lambda member_id: line.take_next(member_id=member_id))
    assert answers == ["nobody_waits"] * 20 + ["won"] * 30
    owners = dict(Conversation.objects.values_list("pk", "counsellor_id"))
    assert set(owners) == talks and len(set(owners.values())) == 30


def test_E19_one_counsellor_in_many_windows_never_holds_more_than_allowed(crowd, settings):
    for _ in range(6):
        somebody_waits()
    most, windows = settings.TALKS_AT_ONCE, crowd.ids[:1] * 10
    answers = crowd.all_at_once(lambda member_id: line.take_next(member_id=member_id), windows)
    assert answers == ["at_capacity"] * (10 - most) + ["won"] * most
    assert Conversation.objects.filter(counsellor_id=crowd.ids[0]).count() == most


def test_E19_claiming_releasing_leaving_and_sweeping_at_once_never_deadlock(crowd):
    """Everything that moves the line, from many threads; nobody waits for each other."""
    for _ in range(20):
        somebody_waits()

    def live_a_little(member_id: int) -> None:
        for _ in range(4):
            try:
                talk = line.take_next(member_id=member_id)
                random.choice([line.release, close])(member_id=member_id, conversation_id=talk)
                line.join_missed()
                line.sweep_places()
                line.return_orphans()
            except Refusal:
                continue

    def close(*, member_id: int, conversation_id: UUID) -> None:
        conversations.close(conversation_id=conversation_id, by="counsellor", member_id=member_id)

    crowd.all_at_once(live_a_little, crowd.ids[:12])
    line.join_missed()
    line.sweep_places()
    waiting = set(Conversation.objects.filter(state="waiting").values_list("pk", flat=True))
    assert set(Place.objects.values_list("pk", flat=True)) == waiting
    assert Member.objects.filter(talks__state="claimed").count() == 0
