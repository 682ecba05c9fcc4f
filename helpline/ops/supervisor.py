"""Keeps the programs and their servers alive until you have had enough.

Every program is a child in a session of its own, so Ctrl-C reaches only the
supervisor, which stops them in order: the web server first, so that open pages
are told and come back by themselves, the servers last. A child also dies with
its supervisor when that is killed.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from helpline.ops import process
from helpline.ops.services import Services
from helpline.ops.trouble import Trouble, say

LONGEST_PAUSE = 30.0
SETTLED_AFTER = 60.0
PATIENCE = 15.0


class Program:
    """One long-running command that is started again when it ends."""

    def __init__(self, name: str, command: Sequence[str], log: Path) -> None:
        self.name = name
        self.command = command
        self.log = log
        self.child: subprocess.Popen[bytes] | None = None
        self.pause = 1.0
        self.started = 0.0
        self.due = 0.0

    def start(self, env: Mapping[str, str]) -> None:
        """Start the command; its words go to its log."""
        die = process.die_with_parent
        self.child = process.spawn(self.command, self.log, env=env, preexec_fn=die)
        self.started = time.monotonic()

    def tend(self, env: Mapping[str, str]) -> None:
        """Notice an end, say so in one line, and start again when the pause is over."""
        now = time.monotonic()
        if self.child is None:
            if now >= self.due:
                self.start(env)
        elif (code := self.child.poll()) is not None:
            settled = now - self.started > SETTLED_AFTER
            self.pause = 1.0 if settled else min(self.pause * 2, LONGEST_PAUSE)
            self.due = now + self.pause
            self._sweep()
            word = process.last_line(self.log)
            say(f"{self.name} stopped ({reason(code)}), again in {self.pause:.0f} s: {word}")

    def ask_to_stop(self) -> None:
        """Ask the command to end in good order; return at once."""
        if self.child is not None:
            self.child.terminate()

    def stop(self, *, at_once: threading.Event) -> None:
        """Have the command end; kill it when time or patience is up."""
        self.ask_to_stop()
        process.wait_until(lambda: self._has_ended() or at_once.is_set(), PATIENCE)
        self._sweep()

    def _has_ended(self) -> bool:
        return self.child is None or self.child.poll() is not None

    def _sweep(self) -> None:
        """Leave no grandchild behind."""
        if self.child is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()
        self.child = None


def reason(code: int) -> str:
    """An exit code as people read it."""
    return f"code {code}" if code >= 0 else signal.Signals(-code).name


class Supervisor:
    """Runs the programs beside their servers; `run` returns when it was told to stop."""

    def __init__(
        self, programs: Sequence[Program], services: Services, env: Mapping[str, str]
    ) -> None:
        self.programs = programs
        self.services = services
        self.env = env
        self.asked = threading.Event()
        self.at_once = threading.Event()

    def listen(self) -> None:
        """Take Ctrl-C and a plain kill as a wish to stop; a second one as hurry."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._hear)

    def start(self) -> None:
        """Start every program, in order."""
        for program in self.programs:
            program.start(self.env)

    def run(self) -> None:
        """Tend everything twice a second until somebody asks to stop."""
        while not self.asked.wait(0.5):
            self.tend()

    def tend(self) -> None:
        """Start again whatever ended: servers first, for programs need them."""
        try:
            for name in () if self.services.are_alive() else self.services.keep():
                say(f"{name} was gone and has been started again")
        except Trouble as trouble:
            say(f"{trouble}; trying again")
        for program in self.programs:
            program.tend(self.env)

    def stop(self) -> None:
        """Stop the programs: all are asked, in order, before one is waited for."""
        for program in self.programs:
            program.ask_to_stop()
        for program in self.programs:
            program.stop(at_once=self.at_once)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self.asked.is_set():
            self.at_once.set()
        self.asked.set()
