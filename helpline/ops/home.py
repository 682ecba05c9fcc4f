"""Where the embedded servers keep what is theirs, below `var/`."""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from helpline.ops.keeper import Keeper, choose_keeper
from helpline.ops.trouble import Trouble

SYSTEM_PLACE = Path("/var/lib")
SHORT_PLACE = Path("/tmp")  # noqa: S108 - the folder made there is ours alone, or we refuse
LONGEST_SOCKET_FOLDER = 85  # a socket's whole path must stay under 108 characters


@dataclass(frozen=True)
class Home:
    """The folders of one set of embedded servers."""

    var: Path
    services: Path
    sockets: Path
    keeper: Keeper

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"

    def secret(self, name: str, make: str | None = None) -> str:
        """The secret called `name`; made and kept for you alone if it is new."""
        path = self.secrets / name
        if not path.exists():
            write_private(path, make or secrets.token_urlsafe(32))
        return path.read_text()


def write_private(path: Path, text: str) -> None:
    """Write `text` whole or not at all, readable for its owner alone."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600, exist_ok=False)
    unfinished.write_text(text)
    unfinished.rename(path)


def open_home(var: Path) -> Home:
    """Make the folders below `var`, or find those that are there."""
    var = var.resolve()
    var.mkdir(parents=True, exist_ok=True)
    if not os.access(var, os.W_OK | os.X_OK):
        raise Trouble(f"{var} belongs to another user; remove it, or run as that user.")
    for name, mode in (("log", 0o755), ("secrets", 0o700)):
        (var / name).mkdir(mode=mode, exist_ok=True)
    services = _services_folder(var)
    keeper = choose_keeper(services / "postgres")
    return Home(var, services, _sockets_folder(services, keeper), keeper)


def _services_folder(var: Path) -> Path:
    """`var/services`; elsewhere, with a link to it, where the keeper cannot enter `var`."""
    services = var / "services"
    if services.is_dir() or services.is_symlink():
        return _made(services.resolve())
    if choose_keeper(services / "postgres").can_enter(var):
        return _made(services)
    place = SYSTEM_PLACE / f"helpline-{_short_name(var)}"
    services.symlink_to(place)
    return _made(place)


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o711, exist_ok=True)
    folder.chmod(0o711)
    return folder


def _sockets_folder(services: Path, keeper: Keeper) -> Path:
    """A folder for sockets that only the keeper may enter, with a short path."""
    folder = services / "sockets"
    if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
        folder = SHORT_PLACE / f"helpline-{_short_name(services)}"
    if not folder.is_symlink() and not folder.exists():
        return keeper.make_folder(folder)
    if folder.is_symlink() or folder.stat().st_uid != keeper.uid:
        raise Trouble(f"{folder} belongs to another user; remove it first.")
    return folder


def _short_name(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
