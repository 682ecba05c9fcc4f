"""E10: the whole road with JavaScript off."""

import pytest
from playwright.sync_api import expect

from chat.conversations.models import Conversation
from tests.browser.visiting import OnPhone

REFRESHED = 15_000  # milliseconds: the frame asks again every five seconds


@pytest.fixture
def vera(phone_without_script):
    return OnPhone(phone_without_script)


def frame(vera):
    return vera.page.frame_locator("iframe")


def test_E10_the_whole_road_without_script(vera, cem):
    vera.opens_the_door()
    vera.presses("Begin met praten")
    vera.presses("Nee, ik ben in gevaar")
    vera.sees("Ben je nu in gevaar? Bel 112.")
    vera.presses("Liever niet")
    vera.presses("Sla alle vragen over")
    vera.sees("Je staat in de rij")
    vera.says("hoi")
    expect(frame(vera).get_by_text("hoi", exact=True)).to_be_visible(timeout=REFRESHED)
    cem.takes(vera)
    cem.says(vera, "hoi, ik lees het")
    expect(frame(vera).get_by_text("Cem is er nu voor je.")).to_be_visible(timeout=REFRESHED)
    expect(frame(vera).get_by_text("hoi, ik lees het")).to_be_visible(timeout=REFRESHED)
    frame(vera).get_by_role("link", name="Ga verder").click()
    expect(vera.page.get_by_text("Je staat in de rij")).to_be_hidden()
    vera.says("fijn")
    expect(frame(vera).get_by_text("fijn", exact=True)).to_be_visible(timeout=REFRESHED)
    assert vera.stored == ["hoi", "hoi, ik lees het", "fijn"]
    vera.page.get_by_text("Stoppen of wissen").click()
    vera.presses("Stop het gesprek")
    vera.sees("Je hebt het gesprek gestopt")
    vera.presses("Wis dit gesprek")
    vera.sees("Je gesprek is gewist")
    assert Conversation.objects.get().erased
    vera.presses("Begin een nieuw gesprek")
    vera.sees("Ben je nu veilig?")


def test_E10_the_frame_opens_at_the_newest_line(vera, cem):
    vera.opens_the_door()
    vera.presses("Begin met praten")
    vera.presses("Sla alle vragen over")
    cem.takes(vera)
    for number in range(30):
        cem.says(vera, f"regel {number}")
    vera.page.reload()
    expect(frame(vera).get_by_text("regel 29")).to_be_in_viewport()
    cem.says(vera, "de laatste")
    expect(frame(vera).get_by_text("de laatste")).to_be_in_viewport(timeout=REFRESHED)


def test_E10_a_text_that_is_refused_stays_in_the_field(vera):
    vera.opens_the_door()
    vera.presses("Begin met praten")
    vera.presses("Sla alle vragen over")
    vera.says("x" * 4001)
    vera.sees("Dit bericht is te lang.")
    expect(vera.field).to_have_value("x" * 4001)
