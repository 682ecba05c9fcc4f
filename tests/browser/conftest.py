"""A real server on the test database, and real Chromium in front of it.

Run as a process of its own: sync Playwright and asyncio tests do not share one.
"""

import os
import time
from collections.abc import Callable, Iterator

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import people
from tests.serving import served

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
LAPTOP = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The product; its address on this machine."""
    with served(tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


Opener = Callable[..., Page]


@pytest.fixture
def opens(server: str, chromium: Browser) -> Iterator[Opener]:
    """A new browser for one person; options as for a Playwright context."""
    contexts: list[BrowserContext] = []

    def open_browser(
        base_url: str = people.VISITOR_ORIGIN, cookie: str = "", **options: object
    ) -> Page:
        context = chromium.new_context(
            base_url=base_url, **{"viewport": PHONE, "locale": "nl-NL", **options}
        )
        contexts.append(context)
        if cookie:
            name, _, value = cookie.partition("=")
            whole = base_url.replace("http:", "https:") + "/"  # what a __Host- cookie asks for
            context.add_cookies(
                [{"name": name, "value": value, "url": whole, "secure": True, "httpOnly": True}]
            )
        context.set_default_timeout(10_000)
        return context.new_page()

    yield open_browser
    for context in contexts:
        context.close()
    let_the_server_rest()


def let_the_server_rest() -> None:
    """Wait until the server asks nothing more: what empties the tables would deadlock with it."""
    others = "SELECT count(*) FROM pg_locks WHERE locktype = 'relation' AND pid <> pg_backend_pid()"
    quiet, end = 0, time.monotonic() + 5
    with connections["owner"].cursor() as cursor:
        while quiet < 4 and time.monotonic() < end:
            time.sleep(0.05)
            cursor.execute(others)
            quiet = 0 if cursor.fetchone()[0] else quiet + 1


@pytest.fixture
def phone(opens: Opener) -> Page:
    """Vera's old phone."""
    return opens(has_touch=True)


@pytest.fixture
def phone_without_script(opens: Opener) -> Page:
    """The same, with JavaScript off."""
    return opens(java_script_enabled=False)


@pytest.fixture
def desk(opens: Opener, cem: people.Counsellor) -> Page:
    """Cem's screen, signed in with both factors."""
    page = opens(people.TEAM_ORIGIN, cookie=cem.cookie, viewport=LAPTOP)
    page.goto("/desk/")
    return page
