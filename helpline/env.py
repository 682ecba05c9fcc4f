"""Everything that comes from outside, read once.

A value comes from NAME, or from the file named in NAME_FILE (secrets). What
must be there and is not stops the start with one line that names it all.
"""

import sys
from collections.abc import Iterable
from typing import NoReturn
from urllib.parse import urlsplit

import environ

read = environ.FileAwareEnv(interpolate=False)

SECRETS = ("SECRET_KEY", "MASTER_KEYS", "AUDIT_KEY")
SERVICES = ("DATABASE_URL", "OWNER_DATABASE_URL", "KEYS_DATABASE_URL", "REDIS_URL")
ADDRESSES = ("VISITOR_ORIGIN", "TEAM_ORIGIN")


def stop(reason: str) -> NoReturn:
    """End the start with one clear line and without a traceback."""
    sys.exit(f"helpline kan niet starten: {reason}")


def missing(names: Iterable[str]) -> list[str]:
    """Those of `names` that have no value, directly or by file."""
    return [name for name in names if not read.str(name, default="")]


def require(names: Iterable[str]) -> None:
    """Stop unless every one of `names` has a value."""
    if absent := missing(names):
        each = ", ".join(f"{name} (of {name}_FILE)" for name in absent)
        stop(f"deze instellingen ontbreken: {each}. Zie docs/configuration.md.")


def require_tls(origins: Iterable[str]) -> None:
    """Stop when an address would carry a talk in clear; an onion needs no TLS."""
    for origin in origins:
        parts = urlsplit(origin)
        onion = (parts.hostname or "").endswith(".onion")
        if parts.scheme != "https" and not onion:
            stop(f"{origin} is niet veilig: in productie moet elk adres https zijn.")


def origins(name: str, default: str) -> list[str]:
    """The addresses in NAME, split on commas, without a slash at the end."""
    found = [origin.strip().rstrip("/") for origin in read.str(name, default=default).split(",")]
    for origin in found:
        if urlsplit(origin).scheme not in ("http", "https") or not urlsplit(origin).netloc:
            stop(
                f"{name} moet met http:// of https:// beginnen en een naam hebben, niet {origin!r}."
            )
    return found
