"""Who the embedded servers run as: you, or nobody when you are root.

PostgreSQL refuses to run as root. Dropping to an account that every system has
needs no `useradd`, but that account must be able to reach program and data: a
clone in root's own home is closed to it.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpline.ops.trouble import Trouble

NOBODY = 65534


@dataclass(frozen=True)
class Keeper:
    """The account that owns the data and runs the servers."""

    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """True when we are root and the servers must not be."""
        return self.uid != os.geteuid()

    @property
    def popen_options(self) -> dict[str, Any]:
        """What makes a child run as the keeper, from a folder it may stand in."""
        options: dict[str, Any] = {
            "cwd": "/",
            "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        }
        if self.is_other:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def can_run(self, program: Path) -> bool:
        """True when the keeper reaches `program` and it starts."""
        try:
            subprocess.run(
                [program, "--version"],
                check=True,
                capture_output=True,
                timeout=20,
                **self.popen_options,
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return True

    def can_enter(self, folder: Path) -> bool:
        """True when the keeper may walk down to `folder`."""
        if not self.is_other:
            return True
        parents = [part for part in (folder, *folder.parents) if part.exists()]
        return all(part.stat().st_mode & 0o001 for part in parents)

    def make_folder(self, folder: Path, mode: int = 0o700) -> Path:
        """Make `folder`, for the keeper alone unless `mode` says otherwise."""
        folder.mkdir(mode=mode, exist_ok=True)
        if self.is_other:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(mode)
        return folder


def choose_keeper(data: Path) -> Keeper:
    """Whoever already owns `data`; else you, or nobody when you are root."""
    if os.geteuid() != 0:
        return Keeper(os.geteuid(), os.getegid())
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Keeper(owner.st_uid, owner.st_gid)
    return Keeper(NOBODY, NOBODY)


def own_name() -> str:
    """Your account's name, by which PostgreSQL knows who is at its socket."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        reason = (
            f"user {os.geteuid()} has no name on this machine (/etc/passwd); PostgreSQL needs one."
        )
        raise Trouble(reason) from None


def installed_folder(package: str) -> Path:
    """Where `package` lies, found without running a line of it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise Trouble(f"the package {package} is not installed; make run or make test does that.")
    return Path(spec.origin).parent


def reachable_program(package: str, program: str, keeper: Keeper, copies: Path) -> Path:
    """The path of `program`, inside `package`, that the keeper can run.

    When the keeper cannot reach the package (a virtualenv under a closed home)
    a readable copy is made once below `copies`, which the keeper can enter.
    """
    installed = installed_folder(package)
    if keeper.can_run(installed / program):
        return installed / program
    copy = copies / f"{package}-{int(installed.stat().st_mtime)}"
    if not copy.exists():
        for old in copies.glob(f"{package}-*"):
            shutil.rmtree(old)
        _copy_readable((installed, installed.with_name(f"{package}.libs")), copy)
    if not keeper.can_run(copy / package / program):
        raise Trouble(f"{package} does not run here: its wheel needs glibc 2.28 or newer.")
    return copy / package / program


def _copy_readable(folders: tuple[Path, ...], copy: Path) -> None:
    """Copy those of `folders` that are there so that everybody may read and run them."""
    unfinished = copy.with_name(f"{copy.name}.new")
    for folder in filter(Path.exists, folders):
        shutil.copytree(folder, unfinished / folder.name, symlinks=True)
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)
    unfinished.rename(copy)
