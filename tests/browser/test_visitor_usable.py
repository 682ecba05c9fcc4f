"""E40 for the visitor's pages: small screens, large letters, a keyboard, a screen reader."""

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.visiting import OnPhone
from triage.shifts import actions as shifts

PAGES = ["door", "questions", "danger", "waiting", "talk", "ended", "afterwards", "erased"]
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
SLOW = {  # 2G as measured by others: 280 kbit/s down, 256 up, 800 ms there and back
    "offline": False,
    "latency": 800,
    "downloadThroughput": 35_000,
    "uploadThroughput": 32_000,
}
SMALLEST = 48  # pixels of a target
TARGETS = """() => [...document.querySelectorAll("button, .button, summary, textarea")]
  .filter((one) => one.checkVisibility({visibilityProperty: true}))
  .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
  .map(([name, box]) => [name, box.width, box.height])"""


def comes_to(vera, page, cem):
    vera.knocks()
    if page == "door":
        vera.page.context.clear_cookies()
        return vera.opens_the_door()
    if page == "questions":
        return vera
    if page == "danger":
        vera.presses("Nee, ik ben in gevaar")
        vera.sees("Ben je nu in gevaar?")
        return vera
    vera.presses("Sla alle vragen over")
    vera.sees("Je staat in de rij")
    if page == "waiting":
        return vera
    cem.takes(vera)
    cem.says(vera, "hoi, ik lees het")
    vera.sees("hoi, ik lees het")
    vera.says("een lang woord: " + "hottentottententententoonstelling" * 3)
    vera.sees_as_sent("een lang woord")
    if page == "talk":
        return vera
    cem.posts(f"/desk/talks/{vera.talk.pk}/end")
    vera.sees("Het gesprek is klaar.")
    if page == "ended":
        return vera
    vera.page.get_by_role("link", name="Ga verder").click()
    vera.sees("Begin een nieuw gesprek")
    if page == "erased":
        vera.presses("Wis dit gesprek")
        vera.sees("Je gesprek is gewist")
    return vera


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def breaks_no_rule(page):
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()
    return True


@pytest.mark.parametrize("name", PAGES)
def test_E40_no_page_breaks_a_rule_of_access(phone, cem, name):
    vera = comes_to(OnPhone(phone), name, cem)
    for scheme in ("light", "dark"):
        vera.page.emulate_media(color_scheme=scheme)
        assert breaks_no_rule(vera.page)


@pytest.mark.parametrize("name", PAGES)
def test_E40_every_page_fits_a_small_screen_with_large_letters(opens, cem, name):
    vera = comes_to(
        OnPhone(opens(viewport={"width": 320, "height": 480}, has_touch=True)), name, cem
    )
    assert fits(vera.page)
    for text, width, height in vera.page.evaluate(TARGETS):
        assert width >= SMALLEST and height >= SMALLEST, (text, width, height)
    vera.page.set_viewport_size({"width": 320, "height": 256})  # 1280 x 1024 at 400 %
    assert fits(vera.page)
    expect(vera.page.get_by_role("button", name="Snel weg")).to_be_in_viewport()


def test_E40_the_closed_door_is_usable_too(phone, olu):
    shifts.close_door(member_id=olu.id)
    vera = OnPhone(phone).opens_the_door()
    vera.sees("We zijn nu dicht.")
    assert breaks_no_rule(vera.page)
    assert fits(vera.page)


def test_E40_the_whole_road_by_keyboard(opens, cem):
    vera = OnPhone(opens(viewport={"width": 1280, "height": 800})).opens_the_door()
    keys = vera.page.keyboard

    def tabs_to(name):
        for _ in range(30):
            keys.press("Tab")
            if vera.page.evaluate("document.activeElement.textContent.trim()") == name:
                return keys.press("Enter")
        raise AssertionError(f"no way by keyboard to {name}")

    tabs_to("Begin met praten")
    vera.sees("Ben je nu veilig?")
    tabs_to("Ja, ik ben veilig")
    vera.sees("Waar gaat het over?")
    tabs_to("Sla alle vragen over")
    vera.sees("Je staat in de rij")
    vera.field.focus()
    keys.type("hoi")
    keys.press("Enter")
    vera.sees_as_sent("hoi")
    tabs_to("Stoppen of wissen")
    tabs_to("Stop het gesprek")
    vera.sees("Je hebt het gesprek gestopt")


def test_E40_new_lines_never_take_the_focus(phone, cem):
    vera = OnPhone(phone).waits()
    cem.takes(vera)
    vera.field.focus()
    cem.says(vera, "hoi")
    vera.sees("hoi")
    expect(vera.field).to_be_focused()
    log = vera.page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")


def test_E40_whoever_reads_back_is_not_pulled_down(phone, cem):
    vera = OnPhone(phone).waits()
    cem.takes(vera)
    for number in range(20):
        cem.says(vera, f"regel {number}")
    vera.sees("regel 19")
    vera.page.evaluate("scrollTo(0, 0)")
    cem.says(vera, "de laatste")
    newer = vera.page.get_by_role("button", name="Nieuw bericht")
    expect(newer).to_be_visible()
    assert vera.page.evaluate("scrollY") == 0
    newer.click()
    expect(vera.page.get_by_text("de laatste")).to_be_in_viewport()
    expect(newer).to_be_hidden()


def test_E40_on_a_slow_network_the_first_message_is_there_in_ten_seconds(phone):
    vera = OnPhone(phone)
    network = vera.page.context.new_cdp_session(vera.page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW)
    start = time.monotonic()
    vera.waits()
    vera.says("hoi")
    vera.sees_as_sent("hoi")
    assert time.monotonic() - start < 10
