"""A real server on the test database, and real Chromium in front of it.

Run as a process of its own: sync Playwright and asyncio tests do not share one.
"""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import people

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


def on_test_database(name: str, alias: str) -> str:
    """The URL in variable `name`, pointing at this run's test database."""
    url = urlsplit(os.environ[name])
    database = connections[alias].settings_dict["NAME"]
    if url.scheme and url.path.count("/") > 1:
        return urlunsplit(url._replace(path=f"{url.path.rpartition('/')[0]}/{database}"))
    return urlunsplit(url._replace(path=f"/{database}"))


@pytest.fixture(scope="session")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """uvicorn as in `make run`, one worker; its address on this machine."""
    port = str(settings.PORT)
    env = os.environ | {
        "DATABASE_URL": on_test_database("DATABASE_URL", "default"),
        "KEYS_DATABASE_URL": on_test_database("KEYS_DATABASE_URL", "keys"),
        "STATIC_ROOT": str(tmp_path_factory.mktemp("static")),
        "DATABASE_POOL": "1",
        "PORT": port,
    }
    manage = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(manage, env=env, check=True)
    log = Path(tmp_path_factory.mktemp("log")) / "web.log"
    command = [
        sys.executable, "-m", "uvicorn", "helpline.asgi:application", "--port", port,
        "--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--no-access-log",
        "--no-server-header", "--no-proxy-headers", "--lifespan", "off",
        "--timeout-graceful-shutdown", "2",
    ]  # fmt: skip
    with log.open("wb") as output:
        web = subprocess.Popen(command, env=env, stdout=output, stderr=output)
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", log)
            yield f"http://127.0.0.1:{port}"
        finally:
            web.terminate()
            web.wait(10)


def wait_for(url: str, log: Path) -> None:
    end = time.monotonic() + 30
    while True:
        host = people.host_of(people.VISITOR_ORIGIN)
        try:
            urllib.request.urlopen(urllib.request.Request(url, headers={"Host": host}), timeout=2)
            return
        except OSError:
            if time.monotonic() > end:
                raise TimeoutError(log.read_text()[-2000:]) from None
            time.sleep(0.1)


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
