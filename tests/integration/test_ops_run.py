"""`make run` as one lives it: it opens, it is told to stop, and nothing is left behind."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from helpline.ops import environment, process

READY = 90
MINE = [*environment.DATABASES, "REDIS_URL", "SECRET_KEY", "MASTER_KEYS", "AUDIT_KEY", "RELEASE"]


class House:
    """One `make run` on a port and in a folder of its own."""

    def __init__(self, var: Path) -> None:
        self.var = var
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        absent = {name for mine in MINE for name in (mine, f"{mine}_FILE")}
        env = {name: value for name, value in os.environ.items() if name not in absent}
        env |= {"MODE": "development", "VAR_DIR": str(var), "PORT": str(self.port)}
        self.words = var.with_suffix(".words")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "helpline.ops.run"], env=env, stderr=self.words.open("wb")
        )

    def says(self, words: str) -> bool:
        """True once the person at the keyboard has read `words`."""
        return (
            process.wait_until(
                lambda: words in self.words.read_text() or self.process.poll() is not None, READY
            )
            and words in self.words.read_text()
        )

    def ask(self, host: str, method: str = "GET", form: str = "") -> http.client.HTTPResponse:
        """One request to one of the two sites, as a browser would send it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        name = f"{host}.localhost:{self.port}"
        headers = {"Host": name, "Origin": f"http://{name}"}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, "/", form, headers)
        return connection.getresponse()

    def visit(self) -> ClientConnection:
        """Enter as a visitor; the open socket of the visit."""
        page = self.ask("chat").read().decode()
        (token,) = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[:1])
        entered = self.ask("chat", "POST", f"do=enter&csrfmiddlewaretoken={token}")
        cookie = (entered.headers["Set-Cookie"] or "").split(";")[0]
        name = f"chat.localhost:{self.port}"
        road = socket.create_connection(("127.0.0.1", self.port))
        return connect(
            f"ws://{name}/ws", sock=road, origin=f"http://{name}",  # type: ignore[arg-type]
            additional_headers={"Cookie": cookie},
        )  # fmt: skip

    def processes(self) -> list[int]:
        """Every process that this house started and that still lives."""
        marks = (f"VAR_DIR={self.var}\0".encode(), f"{self.var}/".encode())
        return [int(path.name) for path in Path("/proc").glob("[0-9]*") if _has(path, marks)]


def _has(path: Path, marks: tuple[bytes, ...]) -> bool:
    try:
        read = (path / "environ").read_bytes() + (path / "cmdline").read_bytes()
    except OSError:
        return False
    return any(mark in read for mark in marks)


@pytest.fixture
def house() -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="ops-run-"))
    folder.chmod(0o755)
    built = House(folder / "var")
    yield built
    built.process.send_signal(signal.SIGINT)
    built.process.wait(60)
    shutil.rmtree(folder)


@pytest.mark.timeout(240)
def test_make_run_opens_both_sites_and_ctrl_c_leaves_nothing(house: House) -> None:
    assert house.says("Ready in"), house.words.read_text()
    assert f"http://chat.localhost:{house.port}" in house.words.read_text()
    assert house.ask("chat").status == 200
    assert house.ask("team").status in (200, 302)
    assert house.ask("elsewhere").status in (400, 404, 421)
    assert len(house.processes()) > 5
    with house.visit() as open_page:
        house.process.send_signal(signal.SIGINT)
        with pytest.raises(ConnectionClosed) as told:
            while True:
                open_page.recv(timeout=30)
    assert told.value.rcvd is not None
    assert told.value.rcvd.code == 1012
    assert house.process.wait(60) == 0
    assert "Stopped." in house.words.read_text()
    assert process.wait_until(lambda: not house.processes(), 5)


@pytest.mark.timeout(240)
def test_a_server_that_dies_is_started_again_and_told_in_one_line(house: House) -> None:
    assert house.says("Ready in"), house.words.read_text()
    os.kill(process.read_pid(house.var / "services" / "valkey.pid"), signal.SIGKILL)
    assert house.says("valkey was gone and has been started again")
    assert house.ask("chat").status == 200
    assert "Traceback" not in house.words.read_text()
