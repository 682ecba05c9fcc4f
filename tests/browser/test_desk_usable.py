"""The desk by keyboard, at three sizes, in light and dark, and with a screen reader."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from chat.conversations import actions as conversations
from tests.browser.counselling import LAPTOP, TABLET, WIDE, AtDesk
from tests.people import Visitor

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST = 32  # pixels of a target at the desk
TARGETS = """() => [...document.querySelectorAll("main button, main textarea, main select")]
  .filter((one) => one.checkVisibility({visibilityProperty: true}))
  .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
  .map(([name, box]) => [name, box.width, box.height])"""


@pytest.fixture
def desk(opens, cem):
    return AtDesk(opens, cem).sits_down()


def test_everything_by_keyboard(desk, vera, victor):
    vera.waits()
    victor.waits()
    desk.sees_in_line(2)
    desk.hits("Alt+j", "Alt+j")
    assert desk.focused.startswith("Neem: Gewoon")
    desk.hits("Alt+k", "Enter")
    expect(desk.talks).to_have_count(1)
    assert desk.focused == "Bericht in gesprek 1"
    assert vera.talk.state == "claimed"
    desk.hits("Alt+n")
    expect(desk.talks).to_have_count(2)
    assert desk.focused == "Bericht in gesprek 2"
    desk.page.keyboard.type("hoi")
    desk.hits("Shift+Enter")
    desk.page.keyboard.type("daar")
    desk.hits("Control+Enter")
    desk.sees_as_sent("hoi", 2)
    assert victor.reads()[-1]["text"] == "hoi\ndaar"
    vera.says("en ik?")
    desk.sees("en ik?")
    desk.hits("Alt+w")
    assert desk.focused == "Bericht in gesprek 1"
    desk.hits("Alt+2", "Alt+e")
    expect(desk.page.get_by_role("dialog")).to_be_visible()
    desk.hits("Escape")
    assert desk.focused == "Bericht in gesprek 2"
    desk.hits("Alt+o")
    assert desk.focused == "Nieuwe notitie"
    desk.hits("Alt+p")
    expect(desk.page.get_by_label("Pauze")).to_be_checked()


def test_a_question_mark_shows_the_keys_but_never_while_somebody_types(desk, vera):
    vera.waits()
    desk.sees_in_line(1)
    desk.hits("?")
    expect(desk.page.get_by_role("dialog", name="Toetsen")).to_be_visible()
    desk.hits("Escape")
    desk.takes_next()
    desk.page.keyboard.type("hoe gaat het?")
    expect(desk.page.get_by_role("dialog")).to_have_count(0)
    expect(desk.field(1)).to_have_value("hoe gaat het?")
    desk.hits("Alt+Slash")
    expect(desk.page.get_by_role("dialog", name="Toetsen")).to_be_visible()


def test_keys_can_be_switched_off(desk, vera):
    vera.waits()
    desk.sees_in_line(1)
    desk.hits("?")
    desk.page.get_by_label("Sneltoetsen staan aan").uncheck()
    desk.presses("Sluiten")
    desk.hits("Alt+n", "?")
    expect(desk.page.get_by_role("dialog")).to_have_count(0)
    assert vera.talk.state == "waiting"


def test_focus_never_jumps_by_itself(desk, vera, victor):
    vera.waits()
    desk.sees_in_line(1)
    desk.takes_next()
    desk.hits("Alt+o")
    victor.waits()
    desk.sees_in_line(1)
    vera.says("iets nieuws")
    desk.sees("iets nieuws")
    assert desk.focused == "Nieuwe notitie"


def test_the_coordinator_closes_the_door_with_one_key_and_opens_it_again(opens, olu):
    desk = AtDesk(opens, olu).sits_down()
    desk.sees("Als coördinator zie je de rij, niet de gesprekken.")
    desk.hits("Alt+d")
    desk.sees("deur met de hand dicht")
    desk.hits("Alt+d")
    desk.sees("deur open")
    expect(desk.page.get_by_role("button", name="Volgende bezoeker")).to_have_count(0)


@pytest.mark.parametrize("size", [LAPTOP, WIDE, TABLET], ids=["laptop", "wide", "tablet"])
def test_E40_the_desk_breaks_no_rule_of_access(opens, cem, vera, victor, size):
    urgent = Visitor().knocks()
    conversations.answer(conversation_id=urgent.talk.pk, question="safe_now", code="no")
    conversations.start_waiting(conversation_id=urgent.talk.pk)
    vera.waits()
    victor.waits()
    desk = AtDesk(opens, cem, viewport=size).sits_down()
    desk.takes_next()
    urgent.says("hij is heel boos")
    desk.sees("hij is heel boos")
    desk.says("ik lees het. " + "hottentottententententoonstelling" * 4)
    for scheme in ("light", "dark"):
        desk.page.emulate_media(color_scheme=scheme)
        for part in ("line", "talks", "details"):
            if size is TABLET:
                desk.page.locator(f"[data-show={part}]").click()
            found = Axe().run(desk.page, options={"runOnly": RULES})
            assert found.violations_count == 0, found.generate_report()
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name, width, height in desk.page.evaluate(TARGETS):
        assert width >= SMALLEST and height >= SMALLEST, (name, width, height)


def test_E40_the_dialogs_break_no_rule_of_access(desk, vera):
    vera.waits()
    desk.sees_in_line(1)
    desk.takes_next()
    for key in ("Alt+Slash", "Alt+e", "Alt+t", "Alt+c"):
        desk.hits(key)
        expect(desk.page.get_by_role("dialog")).to_be_visible()
        found = Axe().run(desk.page, options={"runOnly": RULES})
        assert found.violations_count == 0, found.generate_report()
        desk.hits("Escape")
