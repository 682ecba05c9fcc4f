"""The visitor's one address: what it shows, what it does, and how it refuses."""

import re
from uuid import uuid4

import pytest

from chat.conversations import actions as conversations
from chat.conversations import answers, queries
from chat.visitors import outlook
from chat.visitors.models import Ticket
from tests import people

SECRET = "hij heeft mijn paspoort"
WITH_TICKET = ["answer", "skip_all", "say", "close", "erase"]


def page(visitor):
    return visitor.client.get("/").content.decode()


def said(visitor):
    talk = visitor.talk
    return [row.text for row in queries.rows(conversation=talk, after=0) if row.kind == "said"]


def says_by_form(visitor, text, client_id=None):
    return visitor.posts("say", text=text, client_id=str(client_id or uuid4()))


@pytest.fixture
def closed_door(monkeypatch):
    monkeypatch.setattr(outlook, "_door", lambda: outlook.Door(open=False))


def test_the_door_tells_what_happens_and_what_is_kept(vera):
    door = page(vera)
    assert "Je hoeft niet te zeggen wie je bent." in door
    assert "We bewaren geen naam" in door
    assert "Snel weg" in door and 'href="tel:112"' in door


def test_looking_at_the_door_leaves_nothing_behind(vera):
    answer = vera.client.get("/")
    assert not answer.cookies
    assert Ticket.objects.count() == 0
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_busy_door_says_how_many_wait_and_how_long(vera, monkeypatch):
    monkeypatch.setattr(outlook, "_door", lambda: outlook.Door(waiting=4, low=10, high=25))
    door = page(vera)
    assert "Er wachten nu 4 mensen voor je." in door
    assert "tussen de 10 en 25 minuten" in door


def test_a_closed_door_names_everybody_who_is_there(vera, closed_door):
    door = page(vera)
    assert "We zijn nu dicht." in door
    assert "Begin met praten" not in door
    for number in ("112", "09008844", "08000113", "08002000", "08000432"):
        assert f'href="tel:{number}"' in door
    assert "helpwanted.nl" in door


def test_nobody_comes_in_when_the_door_just_closed(vera, closed_door):
    answer = vera.posts("enter")
    assert answer.status_code == 409
    assert "We zijn net dichtgegaan." in answer.content.decode()
    assert Ticket.objects.count() == 0


def test_the_questions_come_one_by_one_and_then_the_line(vera):
    vera.knocks()
    for number, (question, (sentence, options)) in enumerate(answers.QUESTIONS.items(), 1):
        shown = page(vera)
        assert f"Vraag {number} van 5" in shown
        assert str(sentence) in shown
        assert "Liever niet" in shown and "Sla alle vragen over" in shown
        code = options[-1][0] if number % 2 else options[0][0]
        assert vera.posts("answer", question=question, code=code).status_code == 303
    assert vera.talk.state == "waiting"
    assert "Je staat in de rij" in page(vera)


def test_in_danger_shows_112_above_the_next_question_and_goes_on(vera):
    vera.knocks()
    vera.posts("answer", question="safe_now", code="no")
    shown = page(vera)
    assert "Ben je nu in gevaar? Bel 112." in shown
    assert "Kun je niet praten? Schrijf het hier, dan helpen we je eerst." in shown
    assert shown.index("Ben je nu in gevaar?") < shown.index("Waar gaat het over?")
    vera.posts("skip_all")
    assert "Ben je nu in gevaar?" in page(vera)


def test_an_answer_that_is_not_in_the_list_changes_nothing(vera):
    vera.knocks()
    answer = vera.posts("answer", question="safe_now", code="<b>")
    assert answer.status_code == 422
    assert "Ben je nu veilig?" in answer.content.decode()
    assert queries.answers(vera.talk.pk).safe_now == ""


def test_waiting_says_the_place_and_lets_one_write(vera, monkeypatch):
    place = outlook.Place(ahead=1, low=5, high=10)
    monkeypatch.setattr(outlook, "_places", lambda talks: dict.fromkeys(talks, place))
    vera.waits()
    shown = page(vera)
    assert "Er wacht nu één iemand voor je." in shown
    assert "tussen de 5 en 10 minuten" in shown
    assert says_by_form(vera, SECRET).status_code == 303
    assert said(vera) == [SECRET]


def test_sending_a_form_twice_is_one_message(vera):
    vera.waits()
    form = re.search(r'name="client_id" value="([^"]+)"', page(vera))[1]
    for _ in range(3):
        assert says_by_form(vera, SECRET, form).status_code == 303
    assert said(vera) == [SECRET]
    assert form not in page(vera), "the next form has an id of its own"


def test_an_old_form_with_other_words_is_another_message(vera):
    vera.waits()
    form = uuid4()
    says_by_form(vera, SECRET, form)
    says_by_form(vera, "nog iets", form)
    says_by_form(vera, SECRET, form)
    assert said(vera) == [SECRET, "nog iets"]


@pytest.mark.parametrize(
    ("text", "status"), [("", 422), (" \n\t ", 422), ("x" * 4001, 422), ("a\x00b", 422)]
)
def test_a_text_that_is_refused_stays_in_the_field(vera, text, status):
    vera.waits()
    answer = says_by_form(vera, text)
    assert answer.status_code == status
    shown = answer.content.decode()
    assert 'role="alert"' in shown and "data-composer" in shown
    if text.strip():
        assert text in shown
    assert said(vera) == []


def test_a_text_for_a_closed_talk_is_given_back(vera):
    vera.waits()
    conversations.close(conversation_id=vera.talk.pk, by="gone")
    answer = says_by_form(vera, SECRET)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Dit gesprek is gesloten." in shown
    assert SECRET in shown and "data-composer" not in shown


@pytest.mark.parametrize("verb", WITH_TICKET)
def test_whoever_was_away_too_long_stands_at_the_door_with_their_words(vera, verb):
    vera.waits()
    Ticket.objects.all().delete()
    answer = vera.posts(verb, text=SECRET, client_id=str(uuid4()), question="safe_now", code="no")
    assert answer.status_code == 410
    shown = answer.content.decode()
    assert "Je was te lang weg." in shown
    assert "Begin met praten" in shown and SECRET in shown


def test_a_ticket_without_a_talk_is_at_the_door(vera):
    vera.posts("language", language="en")
    assert vera.posts("say", text=SECRET).status_code == 400
    assert says_by_form(vera, SECRET).status_code == 410


def test_an_unknown_button_changes_nothing(vera):
    vera.waits()
    answer = vera.posts("drop_all")
    assert answer.status_code == 400
    assert vera.talk.state == "waiting"


def test_a_script_hears_a_refusal_as_json(vera):
    vera.knocks()
    answer = vera.client.post("/", {"do": "answer", "question": "x"}, headers=people.JSON)
    assert answer.status_code == 422
    assert answer.json()["code"] == "unknown_answer"


def test_stopping_shows_what_can_be_done_now(vera):
    vera.waits()
    assert vera.posts("close").status_code == 303
    shown = page(vera)
    assert "Je hebt het gesprek gestopt" in shown
    assert "Wis dit gesprek" in shown and "Begin een nieuw gesprek" in shown
    assert "112" in shown


@pytest.mark.parametrize(
    ("by", "sentence"),
    [
        ("counsellor", "Het gesprek is klaar"),
        ("silent", "Het bleef lang stil."),
        ("gone", "Je was een tijd weg."),
    ],
)
def test_the_page_afterwards_says_why_it_ended(vera, by, sentence):
    vera.waits()
    conversations.close(conversation_id=vera.talk.pk, by=by)
    assert sentence in page(vera)


def test_erasing_leaves_no_word_and_no_key(vera):
    vera.waits()
    says_by_form(vera, SECRET)
    talk = vera.talk
    assert vera.posts("erase").status_code == 303
    shown = page(vera)
    assert "Je gesprek is gewist" in shown
    assert "Wis dit gesprek" not in shown
    assert queries.rows(conversation=talk, after=0) == []


def test_whoever_starts_again_gets_a_new_talk(vera):
    vera.waits()
    first = vera.talk.pk
    vera.posts("close")
    assert vera.posts("again").status_code == 303
    assert vera.talk.pk != first
    assert "Ben je nu veilig?" in page(vera)


def test_starting_again_in_an_open_talk_changes_nothing(vera):
    vera.waits()
    first = vera.talk.pk
    vera.posts("again")
    assert vera.talk.pk == first


def test_the_visitor_speaks_english_when_they_say_so(vera):
    assert vera.posts("language", language="en").status_code == 303
    shown = page(vera)
    assert '<html lang="en"' in " ".join(shown.split())
    assert vera.posts("language", language="xx").status_code == 400


def test_a_form_of_another_visit_is_refused_with_its_words(vera):
    vera.waits()
    vera.client.handler.enforce_csrf_checks = True
    answer = says_by_form(vera, SECRET)
    assert answer.status_code == 403
    assert SECRET in answer.content.decode()
    assert "Snel weg" in answer.content.decode()


def test_what_is_not_there_has_a_way_back_and_a_way_out(vera):
    shown = vera.client.get("/nergens")
    assert shown.status_code == 404
    assert "Snel weg" in shown.content.decode() and 'href="tel:112"' in shown.content.decode()


def test_the_frame_without_script_asks_again_by_itself(vera, cem):
    vera.waits()
    says_by_form(vera, SECRET)
    frame = vera.client.get("/transcript?at=waiting").content.decode()
    assert 'http-equiv="refresh"' in frame
    assert SECRET in frame and "Ga verder" not in frame
    cem.takes(vera)
    cem.says(vera, "hoi, ik lees het")
    frame = vera.client.get("/transcript?at=waiting").content.decode()
    assert "Cem is er nu voor je." in frame and "hoi, ik lees het" in frame
    assert 'target="_top"' in frame, "the page around it has to change"


def test_the_frame_of_a_closed_talk_stops_asking(vera):
    vera.waits()
    vera.posts("close")
    frame = vera.client.get("/transcript?at=waiting").content.decode()
    assert 'http-equiv="refresh"' not in frame
    assert 'target="_top"' in frame


def test_the_frame_of_a_stranger_is_empty(vera, victor):
    vera.waits()
    says_by_form(vera, SECRET)
    assert SECRET not in victor.client.get("/transcript").content.decode()


def test_every_page_has_the_same_neutral_title_and_icon(vera, cem):
    pages = [page(vera)]
    vera.knocks()
    pages.append(page(vera))
    vera.posts("skip_all")
    pages.append(page(vera))
    cem.takes(vera)
    pages.append(page(vera))
    vera.posts("close")
    pages += [page(vera), vera.client.get("/nergens").content.decode()]
    assert {re.search("<title>(.*?)</title>", shown)[1] for shown in pages} == {"Notities"}
    icons = {re.search(r'href="([^"]*icon[^"]*)"', shown)[1] for shown in pages}
    assert len(icons) == 1


def test_search_engines_are_sent_away(vera):
    assert "Disallow: /" in vera.client.get("/robots.txt").content.decode()
    assert vera.client.get("/favicon.ico").status_code == 302
