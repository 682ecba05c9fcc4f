"""The web server as `make run` starts it, on this run's test database, with its log in a file."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connections

from helpline.ops import run
from tests import people


@contextmanager
def served(folder: Path, **more: str) -> Iterator[str]:
    """One worker of the product; `folder` gets its static files and its log. Gives its address."""
    port = settings.PORT
    env = os.environ | {
        "DATABASE_URL": on_test_database("DATABASE_URL", "default"),
        "KEYS_DATABASE_URL": on_test_database("KEYS_DATABASE_URL", "keys"),
        "DJANGO_SETTINGS_MODULE": "helpline.settings",
        "STATIC_ROOT": str(folder / "static"),
        "DATABASE_POOL": "1",
        "PORT": str(port),
        **more,
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(collect, env=env, check=True)
    command = [one if one != "2" else "1" for one in run.web(port)]  # one worker
    log, address = folder / "web.log", f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        web = subprocess.Popen(command, env=env, stdout=output, stderr=output)
        try:
            wait_for(f"{address}/healthz", log)
            yield address
        finally:
            web.terminate()
            web.wait(15)


def on_test_database(name: str, alias: str) -> str:
    """The URL in variable `name`, pointing at this run's test database."""
    url = urlsplit(os.environ[name])
    database = connections[alias].settings_dict["NAME"]
    return urlunsplit(url._replace(path=f"/{database}"))


def wait_for(url: str, log: Path) -> None:
    """Wait until the server answers; its log is the error when it does not."""
    host, end = people.host_of(people.VISITOR_ORIGIN), time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(urllib.request.Request(url, headers={"Host": host}), timeout=2)
            return
        except OSError:
            if time.monotonic() > end:
                raise TimeoutError(log.read_text()[-2000:]) from None
            time.sleep(0.1)
