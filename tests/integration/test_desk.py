"""The desk: what each verb does, for whom, and what it answers."""

from datetime import timedelta

import pytest

from chat.conversations.models import Conversation
from helpline.audit.models import Entry, Verb
from helpline.clock import now
from tests.people import JSON, Member
from triage.shifts.models import Door, OpeningHours, Presence

VERBS = ["open", "end", "note", "give-back", "offer", "withdraw", "accept"]


@pytest.fixture
def held(vera, cem):
    """Vera's talk, with Cem."""
    vera.waits()
    cem.takes(vera)
    return vera.talk.pk


def verbs_of(talk) -> list[str]:
    return [entry.verb for entry in Entry.objects.order_by("number")]


def board_of(member) -> dict:
    (frame,) = member.client.get("/desk/board", headers=JSON).json()["frames"]
    return frame


def test_the_page_shows_the_line_without_any_script(vera, cem):
    vera.waits()
    page = cem.client.get("/desk/").content.decode()
    assert str(vera.talk.pk) in page
    assert "onderwerp" not in vera.talk.state


def test_a_plain_form_gets_the_desk_again(vera, cem):
    vera.waits()
    answer = cem.client.post("/desk/claim", {"talk": str(vera.talk.pk)})
    assert (answer.status_code, answer["Location"]) == (303, "/desk/")
    assert vera.talk.counsellor_id == cem.id


def test_next_answers_which_talk_it_is(vera, cem):
    vera.waits()
    assert cem.posts("/desk/next").json() == {"talk": str(vera.talk.pk)}
    refused = cem.posts("/desk/next")
    assert (refused.status_code, refused.json()["code"]) == (409, "nobody_waits")


def test_a_refusal_is_a_page_for_a_person(cem):
    answer = cem.client.post("/desk/next")
    assert answer.status_code == 409
    assert "Er wacht niemand" in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "code"),
    [({}, "unreadable"), ({"talk": "x"}, "unreadable"), ({"talk": "0" * 32}, "taken")],
)
def test_a_claim_that_makes_no_sense_is_refused(cem, fields, code):
    answer = cem.posts("/desk/claim", **fields)
    assert (answer.status_code < 500, answer.json()["code"]) == (True, code)


def test_opening_a_talk_gives_answers_and_notes_in_words(vera, cem):
    vera.knocks()
    vera.posts("answer", question="topic", code="home")
    vera.posts("skip_all")
    cem.takes(vera)
    talk = vera.talk.pk
    cem.posts(f"/desk/talks/{talk}/note", text="broer thuis")
    beside = cem.posts(f"/desk/talks/{talk}/open").json()
    assert {"question": "Waar gaat het over?", "answer": "Het is thuis niet veilig"} in beside[
        "answers"
    ]
    (note,) = beside["notes"]
    assert (note["who"], note["text"]) == ("Cem", "broer thuis")


def test_reading_notes_is_audited_once_for_each_opening(cem, held):
    cem.posts(f"/desk/talks/{held}/open")
    assert Verb.READ_NOTE not in verbs_of(held)
    cem.posts(f"/desk/talks/{held}/note", text="broer thuis")
    cem.posts(f"/desk/talks/{held}/open")
    assert verbs_of(held).count(Verb.READ_NOTE) == 1


def test_claiming_ending_and_giving_back_are_audited(vera, victor, cem, held):
    victor.waits()
    cem.takes(victor)
    cem.posts(f"/desk/talks/{held}/give-back")
    cem.posts(f"/desk/talks/{victor.talk.pk}/end")
    found = verbs_of(held)
    assert found.count(Verb.CLAIMED) == 2
    assert found.count(Verb.RELEASED) == 1
    assert found.count(Verb.CLOSED) == 1


def test_ending_closes_for_both_and_the_talk_stays_readable_for_the_note(vera, cem, held):
    assert cem.posts(f"/desk/talks/{held}/end").status_code == 200
    assert vera.talk.closed_by == "counsellor"
    assert cem.posts(f"/desk/talks/{held}/note", text="nagekomen").status_code == 200
    assert board_of(cem)["mine"][0]["state"] == "closed"


def test_a_talk_changes_hands_only_when_the_colleague_accepts(vera, cem, cleo, held):
    cem.posts(f"/desk/talks/{held}/offer", to=cleo.id)
    (offer,) = board_of(cleo)["offers"]
    assert (offer["talk"], offer["who"]) == (str(held), "Cem")
    assert board_of(cem)["mine"][0]["offered_to"] == "Cleo"
    assert vera.talk.counsellor_id == cem.id
    assert cleo.posts(f"/desk/talks/{held}/accept").status_code == 200
    assert vera.talk.counsellor_id == cleo.id
    assert (board_of(cem)["mine"], board_of(cleo)["offers"]) == ([], [])


def test_an_offer_can_be_taken_back_and_refused(vera, cem, cleo, held):
    for somebody in (cem, cleo):
        cem.posts(f"/desk/talks/{held}/offer", to=cleo.id)
        assert somebody.posts(f"/desk/talks/{held}/withdraw").status_code == 200
        assert board_of(cleo)["offers"] == []
    assert cleo.posts(f"/desk/talks/{held}/accept").json()["code"] == "not_found"


def test_nobody_offers_a_talk_to_somebody_who_is_not_there(cem, cleo, held):
    Presence.objects.filter(member_id=cleo.id).update(seen_at=now() - timedelta(hours=1))
    refused = cem.posts(f"/desk/talks/{held}/offer", to=cleo.id)
    assert (refused.status_code, refused.json()["code"]) == (409, "colleague_away")


@pytest.mark.parametrize("verb", VERBS)
def test_a_colleague_touches_nothing_of_my_talk(vera, cem, cleo, held, verb):
    answer = cleo.posts(f"/desk/talks/{held}/{verb}", text="x", to=cem.id)
    assert answer.status_code in (404, 409)
    assert vera.talk.counsellor_id == cem.id and vera.talk.state == "claimed"


@pytest.mark.parametrize("verb", VERBS)
def test_a_coordinator_opens_no_talk(vera, olu, cem, held, verb):
    assert olu.posts(f"/desk/talks/{held}/{verb}", text="x", to=cem.id).status_code == 403
    assert board_of(olu)["mine"] == []


@pytest.mark.parametrize("path", ["/desk/", "/desk/board"])
def test_the_desk_is_for_counsellors_and_coordinators(path, cem, olu, pia, ana, udo, ada):
    for somebody, status in [
        (cem, 200),
        (olu, 200),
        (pia, 403),
        (ana, 403),
        (udo, 403),
        (ada, 403),
    ]:
        assert somebody.client.get(path, headers=JSON).status_code == status


def test_somebody_who_is_not_signed_in_sees_nothing(cem):
    cem.client.cookies.clear()
    assert cem.client.get("/desk/").status_code == 302
    assert cem.client.get("/desk/board", headers=JSON).status_code == 401


def test_presence_is_one_of_three(cem):
    refused = cem.posts("/desk/presence", state="gone")
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_presence")
    cem.posts("/desk/presence", state="pause")
    assert board_of(cem)["me"]["presence"] == "pause"


def test_asking_for_the_board_is_a_sign_of_life(cem):
    Presence.objects.update(seen_at=now() - timedelta(hours=1))
    board_of(cem)
    assert Presence.objects.get().seen_at > now() - timedelta(seconds=5)


def test_the_coordinator_closes_the_door_now_and_opens_it_again(vera, cem, olu):
    assert cem.posts("/desk/door", do="close").status_code == 403
    assert olu.posts("/desk/door", do="close").status_code == 200
    assert Door.objects.get().closed_by_hand
    assert board_of(cem)["door"] == {"state": "by_hand"}
    olu.posts("/desk/door", do="close")
    olu.posts("/desk/door", do="open")
    assert board_of(cem)["door"] == {"state": "open"}
    found = verbs_of(None)
    assert (found.count(Verb.DOOR_CLOSED), found.count(Verb.DOOR_OPENED)) == (1, 1)


def test_who_waits_when_the_door_closes_is_still_helped(vera, cem, olu):
    vera.waits()
    olu.posts("/desk/door", do="close")
    assert cem.takes(vera)


def test_the_coordinator_sets_the_hours(cem, olu):
    evening = {"opens-0": "19:00", "closes-0": "06:00"}
    assert cem.posts("/desk/hours/set", **evening).status_code == 403
    assert olu.client.post("/desk/hours/set", evening).status_code == 302
    assert [str(row) for row in OpeningHours.objects.all()] == ["hours:0/19.00-06.00"]
    assert "19:00" in olu.client.get("/desk/hours").content.decode()
    abroad = {"opens-0": "19:00+02:00", "closes-0": "23:00"}
    assert olu.posts("/desk/hours/set", **abroad).status_code == 400
    half = olu.posts("/desk/hours/set", **{"opens-0": "19:00"})
    assert (half.status_code, OpeningHours.objects.count()) == (400, 1)


def test_the_board_says_what_is_known_before_a_word_is_read(vera, cem):
    vera.knocks()
    vera.posts("answer", question="safe_now", code="no")
    vera.posts("answer", question="topic", code="images")
    vera.posts("answer", question="age_band", code="12-15")
    vera.posts("skip_all")
    vera.says("dit staat niet op het bord")
    board = board_of(cem)
    (entry,) = board["entries"]
    assert (entry["level"], entry["level_word"]) == ("urgent", "Urgent")
    assert entry["reasons"] == [
        "zegt nu in gevaar te zijn",
        "jonger dan 16",
        "onderwerp met risico",
    ]
    assert (entry["topic"], entry["age_band"]) == ("dreigen met beelden", "12–15")
    assert entry["reason_order"] == "op urgentie, dan op wachttijd"
    assert "staat niet op het bord" not in str(board)


def test_colleagues_on_the_board_are_those_who_are_here(vera, cem, cleo, olu):
    vera.waits()
    cleo.takes(vera)
    (colleague,) = board_of(cem)["colleagues"]
    assert (colleague["name"], colleague["talks"], colleague["most"]) == ("Cleo", 1, 2)
    cleo.posts("/desk/presence", state="pause")
    assert board_of(cem)["colleagues"] == []


def test_a_disabled_counsellor_is_nobodys_colleague(cem, cleo):
    type(cleo.member).objects.filter(pk=cleo.id).update(is_active=False)
    assert board_of(cem)["colleagues"] == []
    assert board_of(cem)["on_duty"] == 1


def test_who_counsels_and_coordinates_may_do_both(vera):
    both = Member("both", ["coordinator", "counsellor"])
    both.posts("/desk/presence", state="here")
    vera.waits()
    assert both.posts("/desk/next").status_code == 200
    assert both.posts("/desk/door", do="close").status_code == 200
    assert Conversation.objects.get().counsellor_id == both.id
