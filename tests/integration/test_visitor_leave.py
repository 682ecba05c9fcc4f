"""E07, the server's side: leaving ends everything, in every phase, also with a dead ticket."""

import pytest
from django.conf import settings

from chat.conversations import actions as conversations
from chat.conversations.models import Conversation
from chat.visitors import queries as tickets
from chat.visitors.middleware import COOKIE
from chat.visitors.models import Ticket


def comes_to(visitor, phase, cem):
    if phase != "door":
        visitor.knocks()
    if phase in ("waiting", "talk", "afterwards"):
        visitor.posts("skip_all")
    if phase == "talk":
        cem.takes(visitor)
    if phase == "afterwards":
        visitor.posts("close")


@pytest.mark.parametrize("phase", ["door", "questions", "waiting", "talk", "afterwards"])
def test_E07_leaving_ends_ticket_and_talk_in_every_phase(vera, cem, phase):
    comes_to(vera, phase, cem)
    token, talks = vera.token, list(Conversation.objects.filter(tickets__isnull=False))
    answer = vera.leaves()
    assert answer.status_code == 303
    assert answer.headers["Location"] == settings.NEUTRAL_PAGE
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer.cookies[COOKIE]["max-age"] == 0
    assert tickets.find(token) is None
    assert len(talks) == (phase != "door")
    assert not Conversation.objects.exclude(state="closed").exists()


def test_E07_whoever_comes_back_after_leaving_stands_at_the_door(vera):
    vera.waits()
    token = vera.token
    vera.leaves()
    vera.client.cookies[COOKIE] = token
    assert "Begin met praten" in vera.client.get("/").content.decode()
    assert vera.client.get("/rows?after=0").status_code == 401


def test_E07_leaving_works_with_a_dead_ticket(vera):
    vera.waits()
    conversations.close(conversation_id=vera.talk.pk, by="gone")
    Ticket.objects.all().delete()
    assert vera.leaves().status_code == 303


def test_E07_leaving_works_from_a_page_of_before_this_visit(vera):
    vera.waits()
    vera.client.handler.enforce_csrf_checks = True
    token = vera.token
    assert vera.leaves().status_code == 303
    assert tickets.find(token) is None


def test_E07_nobody_else_can_make_a_visitor_leave(vera):
    vera.waits()
    vera.client.handler.enforce_csrf_checks = True
    answer = vera.client.post("/", {"do": "leave"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert tickets.find(vera.token)


def test_E07_leaving_needs_a_button_not_an_address(vera):
    vera.waits()
    vera.client.get("/?do=leave")
    assert tickets.find(vera.token)


def test_E07_the_browser_may_follow_the_form_to_the_neutral_page(vera):
    policy = vera.client.get("/").headers["Content-Security-Policy"]
    allowed = next(part for part in policy.split("; ") if part.startswith("form-action"))
    assert settings.NEUTRAL_PAGE.startswith(allowed.split()[2])
