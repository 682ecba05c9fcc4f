"""The visitor's pages as pictures, to be looked at: SCREENS=1 puts them in docs/screens.

Without it this is a walk along all of them that finds nothing wider than its screen.
"""

import os
from pathlib import Path

import pytest

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.visiting import OnPhone
from triage.shifts import actions as shifts

FOLDER = Path(__file__).parents[2] / "docs" / "screens"
SIZES = {"360": PHONE, "1280": LAPTOP}
TALK = [
    ("vera", "Hoi, ik weet niet of dit de goede plek is."),
    ("cem", "Hoi, fijn dat je schrijft. Neem de tijd, er is geen haast."),
    ("vera", "Iemand dreigt met foto's van mij. Ik durf het thuis niet te vertellen."),
    ("cem", "Wat naar, en wat goed dat je het hier vertelt. Dit is niet jouw schuld.\n\n"
            "Ben je nu op een plek waar je rustig kunt typen?"),
]  # fmt: skip


class Camera:
    """Takes each page in both sizes, light and dark."""

    def __init__(self, vera: OnPhone) -> None:
        self.page = vera.page

    def takes(self, name: str, *, whole: bool = False) -> None:
        for size, box in SIZES.items():
            self.page.set_viewport_size(box)
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme)
                self.page.wait_for_timeout(100)
                assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                if os.environ.get("SCREENS"):
                    path = FOLDER / f"visitor-{name}-{size}-{scheme}.png"
                    self.page.screenshot(path=path, full_page=whole, scale="css")
        self.page.set_viewport_size(PHONE)


@pytest.fixture
def vera(phone):
    return OnPhone(phone)


def talks(vera, cem):
    for who, text in TALK:
        if who == "cem":
            cem.says(vera, text)
            vera.sees(text.partition("\n")[0])
        else:
            vera.says(text)
            vera.sees_as_sent(text)


def test_the_pages_before_a_talk(vera):
    camera = Camera(vera)
    vera.opens_the_door()
    camera.takes("1-door", whole=True)
    vera.presses("Begin met praten")
    vera.sees("Ben je nu veilig?")
    camera.takes("2-question")
    vera.presses("Nee, ik ben in gevaar")
    vera.sees("Ben je nu in gevaar?")
    camera.takes("3-danger")


def test_the_pages_of_a_talk(vera, cem):
    camera = Camera(vera)
    vera.waits()
    camera.takes("4-waiting")
    cem.takes(vera)
    vera.sees("Cem is er nu voor je.")
    talks(vera, cem)
    vera.types("Ja, op mijn kamer")
    camera.takes("5-talk")
    vera.page.context.set_offline(True)
    vera.presses("Verstuur")
    vera.sees("De verbinding is even weg.", timeout=25)
    vera.sees("Dit bericht is nog niet verstuurd.", timeout=25)
    camera.takes("6-not-sent")
    vera.page.context.set_offline(False)
    vera.sees_as_sent("Ja, op mijn kamer")
    cem.posts(f"/desk/talks/{vera.talk.pk}/end")
    vera.sees("Het gesprek is klaar.")
    camera.takes("7-ended")
    vera.page.get_by_role("link", name="Ga verder").click()
    vera.sees("Begin een nieuw gesprek")
    camera.takes("8-afterwards", whole=True)


def test_the_closed_door(vera, olu):
    shifts.close_door(member_id=olu.id)
    vera.opens_the_door().sees("We zijn nu dicht.")
    Camera(vera).takes("9-door-closed", whole=True)


def test_the_talk_without_script(phone_without_script, cem):
    vera = OnPhone(phone_without_script).opens_the_door()
    vera.presses("Begin met praten")
    vera.presses("Sla alle vragen over")
    cem.takes(vera)
    for who, text in TALK:
        vera.says(text) if who == "vera" else cem.says(vera, text)
    vera.page.reload()
    with_frame = vera.page.frame_locator("iframe").get_by_text("rustig kunt typen")
    with_frame.wait_for()
    for size, box in SIZES.items():
        vera.page.set_viewport_size(box)
        vera.page.wait_for_timeout(200)
        assert with_frame.is_visible()
        if os.environ.get("SCREENS"):
            vera.page.screenshot(path=FOLDER / f"visitor-10-without-script-{size}-light.png")
