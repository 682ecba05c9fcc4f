"""What the door promises: a talk disappears after two weeks, or at once when its visitor asks."""

from datetime import timedelta

import pytest

from chat.conversations import actions, queries, tasks
from chat.conversations.actions import ending
from chat.conversations.models import Answers, Conversation, Message, Note
from helpline.clock import now
from helpline.vault import queries as vault
from helpline.vault.models import DataKey
from helpline.vault.refusals import Shredded

SECRET = "hij heeft mijn paspoort"


@pytest.fixture
def talk(vera, cem):
    """A talk of Vera and Cem with a message, an answer and a note."""
    vera.knocks()
    vera.posts("answer", question="topic", code="home")
    vera.posts("skip_all")
    vera.says(SECRET)
    cem.takes(vera)
    actions.add_note(conversation_id=vera.talk.pk, member_id=cem.id, text=SECRET)
    return vera.talk


def closed_ago(talk, ago):
    actions.close(conversation_id=talk.pk, by=Conversation.ClosedBy.VISITOR)
    Conversation.objects.filter(pk=talk.pk).update(closed_at=now() - ago)


def read(talk):
    return [row.text for row in queries.rows(conversation=talk, after=0) if row.kind == "said"]


def is_gone(talk):
    kinds = (Message, Note, Answers)
    rows = sum(kind.objects.filter(conversation_id=talk.pk).count() for kind in kinds)
    return not rows and not DataKey.objects.filter(pk=talk.key_id).exists()


def test_a_talk_is_there_for_two_weeks_after_it_closed_and_no_longer(talk):
    closed_ago(talk, timedelta(days=13, hours=23))
    assert tasks.shred_due() == 0
    assert read(talk) == [SECRET]

    closed_ago(talk, timedelta(days=14, minutes=1))
    assert tasks.shred_due() == 1
    assert is_gone(talk)
    assert tasks.shred_due() == 0


def test_a_talk_that_is_open_is_not_touched_however_old(talk):
    Conversation.objects.filter(pk=talk.pk).update(opened_at=now() - timedelta(days=30))
    assert tasks.shred_due() == 0
    assert read(talk) == [SECRET]


def test_erasing_destroys_the_key_at_once_in_every_state(talk, vera):
    assert vera.posts("erase").status_code == 303
    assert is_gone(talk)
    talk.refresh_from_db()
    assert talk.erased and talk.shredded


def test_a_copy_of_the_rows_opens_nothing_once_the_key_is_destroyed(talk, vera):
    kept = list(Message.objects.filter(conversation_id=talk.pk))
    vera.posts("erase")
    Message.objects.bulk_create(kept)  # as a restored backup of the main database would
    with pytest.raises(Shredded):
        queries.rows(conversation=talk, after=0)
    with pytest.raises(Shredded):
        vault.open_key(talk.key_id)


def test_an_erasure_that_was_cut_off_is_finished_by_the_sweep(talk, monkeypatch):
    monkeypatch.setattr(ending, "shred", lambda **talk: None)  # we are stopped right here
    actions.erase(conversation_id=talk.pk)
    monkeypatch.undo()
    assert DataKey.objects.filter(pk=talk.key_id).exists()
    assert tasks.finish_erasures() == 1
    assert is_gone(talk)
