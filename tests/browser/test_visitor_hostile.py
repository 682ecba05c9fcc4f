"""E28 in a real browser: whatever is typed is text, with and without JavaScript."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from chat.conversations import actions as conversations
from chat.conversations.actions import posting
from chat.conversations.models import Message
from tests.browser.visiting import OnPhone
from tests.hostile import PAYLOADS

WATCH = """addEventListener("securitypolicyviolation", (event) => {
  (window.broken = window.broken || []).push(event.violatedDirective);
});"""
SHOWN_WITHOUT_SCRIPT = 200


@pytest.fixture(autouse=True)
def in_one_go(monkeypatch):
    """So much in so little time is a flood; here it is not what is looked at."""
    monkeypatch.setattr(posting, "BURST", len(PAYLOADS) * 2)


def watched(page):
    """The page, and what it must never do."""
    done = []
    page.on("dialog", lambda dialog: (done.append(dialog.message), dialog.dismiss()))
    page.on("download", lambda download: done.append(download.url))
    page.add_init_script(WATCH)
    return OnPhone(page), done


def all_said(vera, talk_id, member_id):
    """Both sides say every payload; what is said is what is kept."""
    for number, payload in enumerate(PAYLOADS):
        by = {"author": Message.Author.VISITOR}
        if number % 2:
            by = {"author": Message.Author.COUNSELLOR, "member_id": member_id}
        conversations.post_message(conversation_id=talk_id, client_id=uuid4(), text=payload, **by)
    return [payload.replace("\r\n", "\n").replace("\r", "\n") for payload in PAYLOADS]


def stayed_at_home(vera):
    own = vera.page.evaluate("location.host")
    return {address.split("/")[2] for address in vera.asked} == {own}


def test_E28_hostile_text_is_text_on_the_page(phone, cem):
    vera, done = watched(phone)
    vera.waits()
    cem.takes(vera)
    texts = all_said(vera, vera.talk.pk, cem.id)
    expect(vera.page.locator(".line .said")).to_have_count(len(texts), timeout=30_000)
    assert vera.lines == texts
    vera.page.reload()
    expect(vera.page.locator(".line .said")).to_have_count(len(texts), timeout=30_000)
    assert vera.lines == texts
    assert vera.page.locator(".said *").count() == 0
    assert done == [] and stayed_at_home(vera)
    assert vera.page.evaluate("window.broken || []") == []
    assert vera.page.title() == "Notities"


def test_E28_hostile_text_is_text_in_the_frame_without_script(phone_without_script, cem):
    vera, done = watched(phone_without_script)
    vera.opens_the_door()
    vera.presses("Begin met praten")
    vera.presses("Sla alle vragen over")
    cem.takes(vera)
    texts = all_said(vera, vera.talk.pk, cem.id)
    vera.page.goto("/transcript")
    shown = vera.page.locator(".said")
    expect(shown).to_have_count(SHOWN_WITHOUT_SCRIPT)
    assert shown.all_text_contents() == texts[-SHOWN_WITHOUT_SCRIPT:]
    assert vera.page.locator(".said *").count() == 0
    assert done == [] and stayed_at_home(vera)


def test_E28_a_refused_hostile_text_comes_back_into_the_field_unchanged(phone_without_script):
    vera, done = watched(phone_without_script)
    vera.opens_the_door()
    vera.presses("Begin met praten")
    vera.presses("Sla alle vragen over")
    text = "</textarea><script>alert(1)</script>" * 200
    vera.says(text)
    expect(vera.field).to_have_value(text)
    assert vera.page.locator("main script").count() == 0
    assert done == []
