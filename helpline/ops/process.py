"""Starting, recognising and stopping processes."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from helpline.ops.trouble import Trouble

LONGEST_LOG = 5_000_000
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_libc = ctypes.CDLL(None)


def die_with_parent() -> None:
    """Have the kernel end this process when its parent is gone, however it went."""
    _libc.prctl(_DIE_WITH_PARENT, signal.SIGTERM)


def spawn(command: Sequence[str | Path], log: Path, **options: Any) -> "subprocess.Popen[bytes]":
    """Start `command` in a session of its own, its words appended to `log`.

    Ctrl-C does not reach it. One older log is kept when this one grew long.
    """
    if log.exists() and log.stat().st_size > LONGEST_LOG:
        log.rename(log.with_suffix(".log.1"))
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=descriptor, stderr=descriptor,
            start_new_session=True, **options,
        )  # fmt: skip
    finally:
        os.close(descriptor)


def runs(pid: int, mark: str) -> bool:
    """True when `pid` is alive and was started with `mark` in its command.

    A number alone proves nothing: after a crash it may belong to a stranger.
    """
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return os.fsencode(mark) in command


def read_pid(path: Path) -> int:
    """The number on the first line of `path`, 0 if there is none."""
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return 0


def wait_until(fact: Callable[[], bool], seconds: float) -> bool:
    """Wait for `fact`, at most so many seconds; say whether it came true."""
    end = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def wait_for_start(
    child: "subprocess.Popen[bytes]", answers: Callable[[], bool], log: Path
) -> None:
    """Return when `answers` is true; a child that ends before is trouble."""
    if wait_until(lambda: child.poll() is not None or answers(), 60) and child.poll() is None:
        return
    if child.poll() is None:
        child.kill()
    raise Trouble(f"{log.stem} did not start: {last_line(log)} (see {log})")


def last_line(log: Path) -> str:
    """The last line somebody wrote in `log`, for a sentence about what happened."""
    try:
        lines = log.read_text(errors="replace").strip().splitlines()
    except OSError:
        return "it wrote no log"
    return lines[-1].strip()[:300] if lines else "its log is empty"


def end(pid: int, mark: str, how: signal.Signals, seconds: float = 20) -> None:
    """End the process that `pid` and `mark` name; kill it when it does not listen."""
    for step in (how, signal.SIGKILL):
        if not runs(pid, mark):
            return
        os.kill(pid, step)
        wait_until(lambda: not runs(pid, mark), seconds)
        reap(pid)


def is_number_in_use(pid: int) -> bool:
    """True when some process, whoever's, has this number now."""
    return pid > 0 and Path(f"/proc/{pid}").exists()


def reap(pid: int) -> None:
    """Clear away what is left of `pid` if it was a child of ours."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
