"""The processes of a benchmark: the servers that are measured, and the load."""

import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from helpline.ops import process, run, services, trouble
from helpline.ops.trouble import Trouble

FILES = 12_000
SETTLED = 0.005  # the share by which memory may still change
LONGEST_SETTLING = 15.0
BEGUN = time.monotonic()
APPLICATIONS = {
    "product": "helpline.asgi:application",
    "stock": "tests.load.stock:application",
    "limit": "tests.load.limit:application",
}


class Server:
    """One of the three under the product's own command line."""

    def __init__(self, app: str, workers: int, env: Mapping[str, str], logs: Path) -> None:
        self.app, self.workers = app, workers
        self.port = free_port()
        self.env = {**env, "PORT": str(self.port)}
        self.log = logs / f"{app}.log"
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def command(self) -> list[str]:
        words = list(run.web(self.port))
        words[words.index(APPLICATIONS["product"])] = APPLICATIONS[self.app]
        words[words.index("--workers") + 1] = str(self.workers)
        return words

    def start(self) -> None:
        """Start; `wait` for it before you need it."""
        self.child = process.spawn(
            self.command, self.log, env=self.env, cwd=services.ROOT,
            preexec_fn=process.die_with_parent,
        )  # fmt: skip

    def wait(self) -> None:
        """Return when every worker is up and has nothing more to do."""
        if not process.wait_until(lambda: self.has_ended or answers(self.port), 30):
            raise Trouble(f"{self.app} does not answer: {process.last_line(self.log)}")
        if self.has_ended:
            raise Trouble(f"{self.app} did not start: {process.last_line(self.log)}")
        process.wait_until(lambda: is_idle(self.pids), 20)
        say(f"{self.app} serves, workers {' '.join(map(str, self.worker_pids))}, log {self.log}")

    @property
    def has_ended(self) -> bool:
        return self.child is None or self.child.poll() is not None

    @property
    def pids(self) -> list[int]:
        return family(self.child.pid) if self.child else []

    @property
    def worker_pids(self) -> list[int]:
        """Those that serve: the children that uvicorn made, or itself when it is alone."""
        made = [pid for pid in self.pids if "spawn_main" in " ".join(psutil.Process(pid).cmdline())]
        return made or self.pids[:1]

    @property
    def files(self) -> list[int]:
        """How many files each worker holds open: nearly all are sockets."""
        return [psutil.Process(pid).num_fds() for pid in self.worker_pids]

    @property
    def unshared(self) -> int:
        """Bytes that only this server's processes have (USS)."""
        return sum(psutil.Process(pid).memory_full_info().uss for pid in self.pids)

    def settled(self) -> int:
        """The unshared memory, once it no longer changes."""
        before, end = self.unshared, time.monotonic() + LONGEST_SETTLING
        while time.monotonic() < end:
            time.sleep(1)
            now = self.unshared
            if abs(now - before) < SETTLED * before:
                return now
            before = now
        return before

    def stop(self) -> None:
        """End it and whatever it started."""
        if self.child is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()
        self.child = None


class Aide:
    """Another process of ours: an order goes in, an answer comes back."""

    def __init__(self, *words: str, env: Mapping[str, str] | None = None) -> None:
        self.child = subprocess.Popen(
            [sys.executable, "-m", *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=services.ROOT, env=env,
            start_new_session=True, preexec_fn=process.die_with_parent,  # noqa: PLW1509
        )  # fmt: skip

    def tell(self, do: str, **how: Any) -> dict[str, Any]:
        """Have it do something. Raises Trouble when a server broke its promise."""
        assert self.child.stdin and self.child.stdout
        self.child.stdin.write(json.dumps({"do": do, **how}) + "\n")
        self.child.stdin.flush()
        line = self.child.stdout.readline()
        if not line:
            raise Trouble(f"{do} {how.get('name', '')}: the process that should do it ended.")
        answer: dict[str, Any] = json.loads(line)
        if "broken" in answer:
            raise Trouble(f"{how.get('name')}: {answer['broken']}")
        return answer

    def close(self) -> None:
        self.child.kill()
        self.child.wait()


def say(line: str) -> None:
    """Tell whoever watches where we are, and how long it took until here."""
    trouble.say(f"{time.monotonic() - BEGUN:4.0f} s  {line.strip()}")


def raise_file_limit() -> None:
    """Have as many files as we may: each end of a talk is one here and one at a server."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if most < FILES:
        raise Trouble(f"the benchmark needs {FILES} open files (ulimit -n); here are {most}.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((run.HERE, 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody speaks HTTP there, whatever is said."""
    connection = http.client.HTTPConnection(run.HERE, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return bool(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def family(pid: int) -> list[int]:
    """A process and all that come from it."""
    parent = psutil.Process(pid)
    return [pid, *(child.pid for child in parent.children(recursive=True))]


def seconds_of(pids: list[int]) -> float:
    """The processor time these have used."""
    total = 0.0
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            used = psutil.Process(pid).cpu_times()
            total += used.user + used.system
    return total


def busy_seconds() -> float:
    """The processor time that everything on this machine has used."""
    used = psutil.cpu_times()
    return sum(used) - used.idle - used.iowait - used.guest - used.guest_nice


def is_idle(pids: list[int]) -> bool:
    """Whether these do nothing for a moment."""
    before = seconds_of(pids)
    time.sleep(0.3)
    return seconds_of(pids) - before < 0.02
