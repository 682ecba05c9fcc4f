"""The line: who is in it, who is next, and that nobody is lost."""

from datetime import timedelta

import pytest

from chat.conversations import actions as conversations
from chat.conversations.models import Conversation
from chat.visitors import outlook
from helpline.clock import now
from helpline.staff.demo import make_member
from helpline.staff.models import Member
from tests.people import Visitor
from triage.line import actions as line
from triage.line import queries
from triage.line.models import Place, Turn
from triage.line.refusals import AtCapacity, NobodyWaits, NotHere
from triage.line.tasks import prune, return_orphans
from triage.risk.models import Assessment
from triage.risk.tasks import sweep_assessments
from triage.shifts.models import OpeningHours, Presence
from triage.shifts.refusals import NotACounsellor


def in_line() -> list:
    """The talks in the line, next first."""
    return [placed.waiting.talk for placed, _ in queries.line()]


def with_answers(visitor: Visitor, **codes: str) -> Visitor:
    visitor.knocks()
    talk = visitor.talk.pk
    for question, code in codes.items():
        conversations.answer(conversation_id=talk, question=question, code=code)
    conversations.start_waiting(conversation_id=talk)
    return visitor


def seen(visitor: Visitor, *, ago: timedelta) -> None:
    Conversation.objects.filter(pk=visitor.talk.pk).update(visitor_seen_at=now() - ago)


def test_who_waits_stands_in_the_line_with_a_level(vera):
    vera.waits()
    assert in_line() == [vera.talk.pk]
    assert Assessment.objects.get().level == "routine"


def test_who_is_in_danger_goes_before_who_waits_longer(vera, victor):
    vera.waits()
    with_answers(victor, safe_now="no")
    assert in_line() == [victor.talk.pk, vera.talk.pk]
    assert outlook.place_of(vera.talk.pk) == outlook.Place(ahead=1)


def test_who_takes_an_answer_back_keeps_the_level(vera):
    with_answers(vera, safe_now="no")
    conversations.answer(conversation_id=vera.talk.pk, question="safe_now", code="yes")
    kept = Assessment.objects.get()
    assert (kept.level, kept.reasons) == ("urgent", ["safe_no"])


def test_the_fifth_pick_goes_to_the_longest_waiting(cem, settings):
    settings.TALKS_AT_ONCE = 9
    patient = Visitor().waits()
    for _ in range(6):
        with_answers(Visitor(), safe_now="no")
    taken = [line.take_next(member_id=cem.id) for _ in range(7)]
    assert taken.index(patient.talk.pk) == 4
    assert Turn.objects.get().picks == 7


def test_who_is_gone_is_hidden_and_not_counted_and_has_the_place_again_on_return(vera, victor):
    vera.waits()
    victor.waits()
    seen(vera, ago=timedelta(seconds=25))
    assert in_line() == [victor.talk.pk]
    assert outlook.place_of(victor.talk.pk).ahead == 0
    prune()
    seen(vera, ago=timedelta(0))
    assert in_line() == [vera.talk.pk, victor.talk.pk]


def test_who_stays_away_is_closed_as_gone(vera, settings):
    vera.waits()
    seen(vera, ago=settings.VISITOR_GONE_AFTER + settings.PLACE_KEPT_FOR + timedelta(seconds=1))
    prune()
    talk = Conversation.objects.get()
    assert (talk.state, talk.closed_by) == ("closed", "gone")
    assert not Place.objects.exists()


def test_who_comes_back_while_the_sweep_looks_is_not_closed(vera, settings, monkeypatch):
    vera.waits()
    seen(vera, ago=timedelta(hours=1))
    found = line._gone()

    def late() -> object:
        seen(vera, ago=timedelta(0))
        monkeypatch.undo()
        return found

    monkeypatch.setattr(line, "_gone", late)
    assert line.close_gone() == 0
    assert vera.talk.state == "waiting"


def test_a_claim_asks_for_presence_room_and_the_right_to_talk(vera, victor, cem, olu, settings):
    settings.TALKS_AT_ONCE = 1
    vera.waits()
    victor.waits()
    with pytest.raises(NotACounsellor):
        line.claim(member_id=olu.id, conversation_id=vera.talk.pk)
    cem.posts("/desk/presence", state="pause")
    with pytest.raises(NotHere):
        line.claim(member_id=cem.id, conversation_id=vera.talk.pk)
    cem.is_here()
    line.claim(member_id=cem.id, conversation_id=vera.talk.pk)
    with pytest.raises(AtCapacity):
        line.take_next(member_id=cem.id)
    assert in_line() == [victor.talk.pk]


def test_somebody_who_was_never_at_a_desk_is_not_here(vera):
    vera.waits()
    stranger = make_member("new", ["counsellor"])
    with pytest.raises(NotHere):
        line.claim(member_id=stranger.pk, conversation_id=vera.talk.pk)


def test_an_empty_line_says_so(cem):
    with pytest.raises(NobodyWaits):
        line.take_next(member_id=cem.id)


def test_a_refused_claim_leaves_no_trace(vera, cem, cleo):
    vera.waits()
    cem.takes(vera)
    assert cleo.claims(vera).status_code == 409
    assert Turn.objects.get().picks == 1
    assert not Place.objects.exists()


def test_a_talk_whose_counsellor_fell_away_is_at_the_head_with_its_waiting_time(
    vera, victor, cem, settings
):
    vera.waits()
    since = vera.talk.waiting_since
    cem.takes(vera)
    with_answers(victor, safe_now="no")
    Presence.objects.update(
        seen_at=now() - settings.COUNSELLOR_OFFLINE_AFTER - timedelta(seconds=1)
    )
    return_orphans()
    assert in_line() == [vera.talk.pk, victor.talk.pk]
    assert (vera.talk.waiting_since, vera.talk.counsellor) == (since, None)
    assert vera.reads()[-1]["kind"] == "returned"


def test_who_pauses_keeps_the_talk_and_who_goes_off_gives_it_back_at_once(vera, cem):
    vera.waits()
    cem.takes(vera)
    cem.posts("/desk/presence", state="pause")
    return_orphans()
    assert vera.talk.state == "claimed"
    cem.posts("/desk/presence", state="off")
    assert vera.talk.state == "waiting"


def test_talks_of_a_member_who_lost_access_return(vera, cem):
    vera.waits()
    cem.takes(vera)
    Member.objects.filter(pk=cem.id).update(is_active=False)
    return_orphans()
    assert vera.talk.state == "waiting"


def test_a_talk_is_never_taken_over_by_somebody_without_room(vera, victor, cem, cleo, settings):
    settings.TALKS_AT_ONCE = 1
    vera.waits()
    victor.waits()
    cem.takes(vera)
    cleo.takes(victor)
    cem.posts(f"/desk/talks/{vera.talk.pk}/offer", to=cleo.id)
    with pytest.raises(AtCapacity):
        line.accept(member_id=cleo.id, conversation_id=vera.talk.pk)
    assert vera.talk.counsellor_id == cem.id


def test_the_sweep_finds_whom_every_event_missed(vera, victor, monkeypatch):
    monkeypatch.setattr("helpline.events._listeners", {})
    vera.waits()
    victor.waits()
    assert in_line() == []
    prune()
    sweep_assessments()
    assert in_line() == [vera.talk.pk, victor.talk.pk]
    conversations.close(conversation_id=vera.talk.pk, by="visitor")
    assert in_line() == [victor.talk.pk]
    prune()
    assert Place.objects.count() == 1


def test_joining_twice_is_joining_once(vera):
    vera.waits()
    line.join(conversation_id=vera.talk.pk)
    assert Place.objects.count() == 1


def test_erasing_a_talk_forgets_what_was_made_of_its_answers(vera):
    with_answers(vera, safe_now="no")
    conversations.erase(conversation_id=vera.talk.pk)
    assert not Assessment.objects.exists()
    assert not Place.objects.exists()


def test_the_sweep_forgets_assessments_that_an_event_missed(vera, monkeypatch):
    with_answers(vera, safe_now="no")
    monkeypatch.setattr("helpline.events._listeners", {})
    conversations.erase(conversation_id=vera.talk.pk)
    assert Assessment.objects.exists()
    sweep_assessments()
    assert not Assessment.objects.exists()


def test_the_door_counts_who_is_there_and_knows_minutes_only_from_what_happened(cem, settings):
    settings.TALKS_AT_ONCE = 9
    assert outlook.door() == outlook.Door(open=True, waiting=0)
    for _ in range(4):
        Visitor().waits()
    Conversation.objects.update(waiting_since=now() - timedelta(minutes=12))
    assert (outlook.door().waiting, outlook.door().low) == (4, None)
    for _ in range(3):
        line.take_next(member_id=cem.id)
    door = outlook.door()
    assert door.waiting == 1 and door.low is not None and door.low < door.high


def test_without_hours_the_door_is_closed(vera):
    OpeningHours.objects.all().delete()
    door = outlook.door()
    assert (door.state, door.opens_at) == ("closed", None)
