"""Vera with a browser in her hand: what she does, in sentences."""

import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from chat.conversations import queries
from chat.conversations.models import Conversation
from chat.visitors import queries as tickets
from chat.visitors.middleware import COOKIE

NEUTRAL = "https://www.buienradar.nl/"
HARMLESS = "Het weer van vandaag"


class OnPhone:
    """A visitor who looks at a real page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said_by_console: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said_by_console.append(message.text))
        page.on("pageerror", lambda error: self.said_by_console.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", lambda socket: self.asked.append(socket.url))

    def has_a_harmless_page(self) -> "OnPhone":
        """The neutral page, without the network. Routes switch off the browser's cache."""
        self.page.context.route(
            NEUTRAL + "**",
            lambda route: route.fulfill(body=f"<p>{HARMLESS}</p>", content_type="text/html"),
        )
        return self

    def opens_the_door(self) -> "OnPhone":
        self.page.goto("/")
        return self

    def knocks(self) -> "OnPhone":
        self.opens_the_door()
        self.presses("Begin met praten")
        expect(self.page.locator("#question")).to_be_visible()
        return self

    def waits(self) -> "OnPhone":
        self.knocks()
        self.presses("Sla alle vragen over")
        expect(self.page.get_by_text("Je staat in de rij")).to_be_visible()
        return self

    def presses(self, name: str) -> None:
        self.page.wait_for_load_state()  # scripts are there: the page is as fast as a person
        self.page.get_by_role("button", name=name, exact=True).click()

    def answers(self, question: str, answer: str) -> None:
        """Answer a question once it stands there: two of them may have the same button."""
        expect(self.page.locator("#question")).to_have_text(question)
        self.presses(answer)

    def types(self, text: str) -> None:
        self.field.fill(text)

    def says(self, text: str) -> None:
        self.types(text)
        self.presses("Verstuur")

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("Jouw bericht")

    @property
    def lines(self) -> list[str]:
        """What was said, as it stands on the screen, from top to bottom."""
        return self.page.locator(".line .said").all_text_contents()

    def sees(self, text: str, timeout: float = 10) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=timeout * 1000)

    def sees_lines(self, *texts: str, timeout: float = 25) -> None:
        expect(self.page.locator(".line .said")).to_have_text(list(texts), timeout=timeout * 1000)

    def sees_as_sent(self, text: str) -> None:
        line = self.page.locator(".line.mine", has_text=text)
        expect(line.locator("[data-state]")).to_have_text("verstuurd", timeout=25_000)

    @property
    def token(self) -> str:
        cookies = self.page.context.cookies()
        return next((one["value"] for one in cookies if one["name"] == COOKIE), "")

    @property
    def talk(self) -> Conversation:
        ticket = tickets.find(self.token)
        assert ticket is not None and ticket.conversation is not None
        return Conversation.objects.get(pk=ticket.conversation_id)

    @property
    def stored(self) -> list[str]:
        """What the house keeps of the talk, in its order."""
        rows = queries.rows(conversation=self.talk, after=0)
        return [row.text for row in rows if row.kind == "said"]


def soon(fact: Callable[[], object], seconds: float = 2) -> None:
    """Wait until it is true."""
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "it did not become true in time"
        time.sleep(0.05)
