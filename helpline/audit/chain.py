"""The chain of the audit: what an entry's hash covers, and what breaks it. Pure."""

import hmac
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import NamedTuple

LABEL = b"helpline/audit/1"
HASH_BYTES = 32
NOTHING = bytes(HASH_BYTES)  # what the first entry follows


@dataclass(frozen=True, slots=True)
class Line:
    """The content of one entry: codes, ids and an hour."""

    number: int
    hour: datetime
    actor: int | None
    role: str
    verb: str
    subject: str
    reference: str
    outcome: str


class Mark(NamedTuple):
    """A point in the chain: the number and hash of an entry."""

    number: int
    hash: bytes


class Link(NamedTuple):
    """An entry as it is stored: its content, the hash it follows and its own."""

    line: Line
    previous: bytes
    hash: bytes


class Flaw(Enum):
    """The ways in which a chain can be broken."""

    EDITED = "edited"  # content and hash do not belong together
    GAP = "gap"  # entries are missing before this one
    UNLINKED = "unlinked"  # follows another hash than that of the entry before it
    TAIL_MISSING = "tail_missing"  # the head has seen entries that are not there
    TAIL_UNKNOWN = "tail_unknown"  # there are entries the head has not seen
    WITNESS = "witness"  # not the entry that was noted elsewhere


class Finding(NamedTuple):
    """One flaw, and the first and last number it is about."""

    flaw: Flaw
    first: int
    last: int


START = Mark(0, NOTHING)


def read_key(text: str) -> bytes:
    """AUDIT_KEY as bytes. Raises ValueError when it is not base64url of 32 bytes."""
    try:
        key = urlsafe_b64decode(text.rstrip("=") + "=")
    except (NotBase64, ValueError):
        key = b""
    if len(key) != HASH_BYTES:
        raise ValueError("AUDIT_KEY is niet base64url van 32 bytes")
    return key


def canonical(line: Line) -> bytes:
    """The one way to write `line` as bytes: each field with its length in front."""
    fields = (
        str(line.number),
        line.hour.astimezone(UTC).isoformat(),
        "" if line.actor is None else str(line.actor),
        line.role,
        line.verb,
        line.subject,
        line.reference,
        line.outcome,
    )
    encoded = [field.encode() for field in fields]
    return LABEL + b"".join(len(field).to_bytes(4) + field for field in encoded)


def link(key: bytes, previous: bytes, line: Line) -> bytes:
    """The hash of `line` when it follows `previous`."""
    return hmac.digest(key, previous + canonical(line), "sha256")


def verify(
    key: bytes,
    links: Iterable[Link],
    *,
    head: Mark,
    start: Mark = START,
    witness: Mark | None = None,
) -> Iterator[Finding]:
    """Every flaw in `links`, which must come in order of number after `start`.

    Holds one entry at a time, so a chain of any length fits. After a flaw it
    goes on from what is stored, so that each is reported once.
    """
    last, met = start, witness in (None, start)
    for entry in links:
        number = entry.line.number
        if number != last.number + 1:
            yield Finding(Flaw.GAP, last.number + 1, number - 1)
        elif entry.previous != last.hash:
            yield Finding(Flaw.UNLINKED, number, number)
        if not hmac.compare_digest(entry.hash, link(key, entry.previous, entry.line)):
            yield Finding(Flaw.EDITED, number, number)
        last = Mark(number, entry.hash)
        met = met or last == witness
    yield from _tail(last, head)
    if witness and not met:
        yield Finding(Flaw.WITNESS, witness.number, witness.number)


def _tail(last: Mark, head: Mark) -> Iterator[Finding]:
    if last.number < head.number:
        yield Finding(Flaw.TAIL_MISSING, last.number + 1, head.number)
    elif last.number > head.number:
        yield Finding(Flaw.TAIL_UNKNOWN, head.number + 1, last.number)
    elif last.hash != head.hash:
        yield Finding(Flaw.UNLINKED, head.number, head.number)
