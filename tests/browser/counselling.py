"""Cem behind a screen: what he does, in sentences."""

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tests import people

LAPTOP = {"width": 1280, "height": 800}
WIDE = {"width": 1600, "height": 900}
TABLET = {"width": 820, "height": 1100}


class AtDesk:
    """A counsellor, or a coordinator, who looks at a real desk."""

    def __init__(self, opens, who: people.Member, **options: object) -> None:
        self.who = who
        self.page: Page = opens(
            people.TEAM_ORIGIN, cookie=who.cookie, **{"viewport": LAPTOP, **options}
        )
        self.said_by_console: list[str] = []
        self.page.on("console", self._hears_console)
        self.page.on("pageerror", lambda error: self.said_by_console.append(str(error)))

    def _hears_console(self, message: ConsoleMessage) -> None:
        """What scripts and rules say; that a wish was refused is the browser's own remark."""
        if not message.text.startswith(("Failed to load resource", "WebSocket connection")):
            self.said_by_console.append(message.text)

    def sits_down(self) -> "AtDesk":
        """Open the desk and wait until it lives."""
        self.page.goto("/desk/")
        expect(self.page.locator("[data-duty]")).not_to_be_empty()
        return self

    def takes_next(self) -> "AtDesk":
        before = self.talks.count()
        self.presses("Volgende bezoeker")
        expect(self.talks).to_have_count(before + 1)
        return self

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def hits(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def types(self, text: str, talk: int = 1) -> None:
        self.field(talk).fill(text)

    def says(self, text: str, talk: int = 1) -> None:
        self.types(text, talk)
        self.field(talk).press("Enter")

    def sees(self, text: str, timeout: float = 10) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=timeout * 1000)

    def sees_lines(self, *texts: str, talk: int = 1, timeout: float = 25) -> None:
        lines = self.talk(talk).locator(".said .words")
        expect(lines).to_have_text(list(texts), timeout=timeout * 1000)

    def sees_as_sent(self, text: str, talk: int = 1) -> None:
        line = self.talk(talk).locator(".said.mine", has_text=text)
        expect(line.locator("[data-state]")).to_have_text("verstuurd", timeout=25_000)

    def sees_in_line(self, count: int, timeout: float = 3) -> None:
        expect(self.entries).to_have_count(count, timeout=timeout * 1000)

    def looks_away(self) -> None:
        """Another window has the attention."""
        self.page.evaluate("document.hasFocus = () => false")

    def looks_again(self) -> None:
        self.page.evaluate("delete document.hasFocus; dispatchEvent(new Event('focus'))")

    def field(self, talk: int = 1) -> Locator:
        return self.page.get_by_label(f"Bericht in gesprek {talk}")

    def talk(self, number: int = 1) -> Locator:
        return self.page.get_by_role("article", name=f"Gesprek {number}")

    @property
    def talks(self) -> Locator:
        return self.page.locator("article[data-talk]")

    @property
    def entries(self) -> Locator:
        return self.page.locator("[data-entries] [data-entry]")

    @property
    def banner(self) -> Locator:
        return self.page.locator("[data-banner]")

    @property
    def focused(self) -> str:
        """The accessible name of what has the focus."""
        return str(
            self.page.evaluate(
                "(document.activeElement.labels?.[0] ?? document.activeElement)"
                ".textContent.trim().replace(/\\s+/g, ' ')"
            )
        )

    @property
    def storage(self) -> object:
        return self.page.evaluate("[{...localStorage}, {...sessionStorage}]")
