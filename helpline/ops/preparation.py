"""What must be true before the house opens: tables, static files, demo people.

Each step runs as a management command of its own; the steps whose result is
still good are skipped.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from helpline.ops import environment, process
from helpline.ops.home import Home
from helpline.ops.services import ROOT
from helpline.ops.trouble import say

PACKAGES = ("helpline", "chat", "triage")
LOCK_FILE = ROOT / "deploy" / "requirements.txt"


def prepare(home: Home, env: Mapping[str, str]) -> None:
    """Bring tables, static files and demo data up to date."""
    statics = prepare_statics(home, env)
    try:
        prepare_databases(home, env)
        if env["MODE"] != "production":
            say("Loading demo data ...")
            manage(["demo", "--verbosity", "0"], env)
    except BaseException:
        if statics:
            statics.terminate()
        raise
    if statics and statics.wait():
        raise subprocess.CalledProcessError(statics.returncode, statics.args)
    (home.var / "static.release").write_text(env["RELEASE"])


def prepare_statics(home: Home, env: Mapping[str, str]) -> "subprocess.Popen[bytes] | None":
    """Begin to collect the static files, unless the collection is of this release."""
    mark = home.var / "static.release"
    if mark.exists() and mark.read_text() == env["RELEASE"]:
        return None
    mark.unlink(missing_ok=True)
    return _begin(["collectstatic", "--noinput", "--clear", "--verbosity", "0"], env)


def prepare_databases(home: Home, env: Mapping[str, str]) -> None:
    """Make or change the tables, unless the last run did exactly this."""
    if environment.databases_are_given():
        return manage(["setup_databases", "--verbosity", "0"], env)
    mark, wanted = home.services / "postgres" / "helpline.migrated", migrations()
    with _one_at_a_time(home):
        if mark.exists() and mark.read_text() == wanted:
            return None
        say("Making the tables ...")
        manage(["setup_databases", "--verbosity", "0"], env)
        mark.write_text(wanted)
    return None


def manage(arguments: list[str], env: Mapping[str, str]) -> None:
    """Run one management command; what it prints is for the person, not for a pipe."""
    child = _begin(arguments, env)
    try:
        code = child.wait()
    except BaseException:
        child.terminate()
        child.wait()
        raise
    if code:
        raise subprocess.CalledProcessError(code, child.args)


def release() -> str:
    """A name for these static files, so that a browser never shows old ones."""
    found = (
        path
        for package in PACKAGES
        for path in (ROOT / package).glob("**/static/**/*")
        if path.is_file()
    )
    return _digest(found)[:12]


def migrations() -> str:
    """A name for the tables that the migrations in this tree make."""
    return _digest(
        path for package in PACKAGES for path in (ROOT / package).glob("**/migrations/*.py")
    )


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted((*files, LOCK_FILE)):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _begin(arguments: list[str], env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start a management command that Ctrl-C does not reach; we end it ourselves."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        env=env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=sys.stderr,
        start_new_session=True, preexec_fn=process.die_with_parent,  # noqa: PLW1509
    )  # fmt: skip


@contextmanager
def _one_at_a_time(home: Home) -> Iterator[None]:
    descriptor = os.open(home.services / "tables.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
