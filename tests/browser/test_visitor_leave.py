"""E07 and E08 in a real browser: gone at once, in every phase, whatever the server does."""

import pytest
from playwright.sync_api import expect

from chat.visitors.models import Ticket
from tests.browser.visiting import HARMLESS, NEUTRAL, OnPhone, soon

SECRET = "hij heeft mijn paspoort"
PRESS_AND_LOOK = """() => {
  const start = performance.now();
  document.querySelector("[data-leave] button").click();
  return [document.body.innerText, performance.now() - start];
}"""


@pytest.fixture
def vera(phone):
    return OnPhone(phone).has_a_harmless_page()


def comes_to(vera, phase, cem):
    {"door": vera.opens_the_door, "questions": vera.knocks}.get(phase, vera.waits)()
    if phase in ("talk", "afterwards"):
        cem.takes(vera)
        vera.says(SECRET)
        vera.sees_as_sent(SECRET)
    if phase == "afterwards":
        cem.posts(f"/desk/talks/{vera.talk.pk}/end")
        vera.page.get_by_role("link", name="Ga verder").click()
        vera.sees("Begin een nieuw gesprek")
    vera.page.wait_for_load_state()


def is_harmless(vera):
    vera.page.wait_for_url(NEUTRAL)
    vera.sees(HARMLESS)
    return True


@pytest.mark.parametrize("phase", ["door", "questions", "waiting", "talk", "afterwards"])
def test_E07_the_button_covers_at_once_and_ends_the_visit(vera, cem, phase):
    comes_to(vera, phase, cem)
    shown, took = vera.page.evaluate(PRESS_AND_LOOK)
    assert shown.strip() == "" and took < 100
    soon(lambda: not Ticket.objects.exists())
    assert is_harmless(vera)
    assert vera.token == ""


def test_E07_three_times_shift_does_the_same(vera, cem):
    comes_to(vera, "talk", cem)
    for _ in range(3):
        vera.page.keyboard.press("Shift")
    assert is_harmless(vera)
    soon(lambda: not Ticket.objects.exists())


def test_E07_typing_capitals_is_not_leaving(vera):
    vera.waits()
    for letter in "ABCD":
        vera.page.keyboard.press("Shift+" + letter)
    vera.page.keyboard.press("Shift")
    vera.sees("Je staat in de rij")


def test_E07_it_works_while_the_server_hangs(vera, cem):
    comes_to(vera, "talk", cem)
    vera.page.route("**/*", lambda route: None)  # nothing of ours is ever answered
    vera.page.route(NEUTRAL + "**", lambda route: route.fulfill(body=f"<p>{HARMLESS}</p>"))
    shown, took = vera.page.evaluate(PRESS_AND_LOOK)
    assert shown.strip() == "" and took < 100
    assert is_harmless(vera)


def test_E07_it_works_without_network(vera, cem):
    comes_to(vera, "talk", cem)
    vera.page.context.set_offline(True)
    shown, _ = vera.page.evaluate(PRESS_AND_LOOK)
    assert shown.strip() == ""


def test_E08_back_shows_nothing_of_the_talk(vera, cem):
    vera.page.goto("about:blank")
    comes_to(vera, "talk", cem)
    vera.presses("Snel weg")
    assert is_harmless(vera)
    for _ in range(3):
        vera.page.go_back()
        assert SECRET not in vera.page.content()
        assert "Cem" not in vera.page.content()


def test_E08_the_page_is_empty_before_another_one_comes(vera, cem):
    comes_to(vera, "talk", cem)
    vera.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert SECRET not in vera.page.content()


def test_E08_a_page_that_was_kept_shows_the_state_of_now(vera, cem):
    comes_to(vera, "talk", cem)
    Ticket.objects.all().delete()
    vera.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    vera.sees("Begin met praten")


def test_E07_the_way_out_is_on_top_and_never_beside_send(vera, cem):
    comes_to(vera, "talk", cem)
    out = vera.page.get_by_role("button", name="Snel weg").bounding_box()
    send = vera.page.get_by_role("button", name="Verstuur").bounding_box()
    assert out["y"] < 60 and out["x"] + out["width"] > 300
    assert send["y"] - out["y"] > 300


def test_E07_without_script_the_button_ends_the_visit_too(phone_without_script, cem):
    vera = OnPhone(phone_without_script).has_a_harmless_page().opens_the_door()
    vera.presses("Begin met praten")
    vera.presses("Sla alle vragen over")
    vera.says(SECRET)
    vera.presses("Snel weg")
    assert is_harmless(vera)
    assert not Ticket.objects.exists() and vera.token == ""
    vera.page.go_back()
    expect(vera.page.get_by_role("button", name="Begin met praten")).to_be_visible()
    assert SECRET not in vera.page.content()
