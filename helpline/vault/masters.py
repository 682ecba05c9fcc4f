"""The master keys that wrap data keys. Pure: read from one line of text."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from secrets import token_bytes, token_hex
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from helpline.vault.refusals import MasterMissing
from helpline.vault.sealing import KEY_BYTES, VERSION, decrypt, encrypt

ENTRY = re.compile(r"(?P<id>[A-Za-z0-9._-]{1,32}):(?P<key>[A-Za-z0-9_-]{43}=?)")


class Wrapped(NamedTuple):
    """A data key as it may lie in a database: unreadable without its master key."""

    master: str
    box: bytes


class MasterKeys:
    """The master keys, newest first: the newest wraps, each unwraps its own."""

    __slots__ = ("_ciphers", "newest")

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {name: AESGCM(secret) for name, secret in keys.items()}
        self.newest = next(iter(self._ciphers))

    @classmethod
    def parse(cls, text: str) -> "MasterKeys":
        """Read "id:base64url, id:base64url". Raises ValueError, which shows no key."""
        keys: dict[str, bytes] = {}
        for place, entry in enumerate(text.split(","), start=1):
            found = ENTRY.fullmatch(entry.strip())
            if found is None:
                raise ValueError(f"MASTER_KEYS: sleutel {place} is niet id:base64url van 32 bytes")
            if found["id"] in keys:
                raise ValueError(f"MASTER_KEYS: {found['id']} staat er twee keer in")
            keys[found["id"]] = urlsafe_b64decode(found["key"].rstrip("=") + "=")
        return cls(keys)

    def wrap(self, secret: bytes, *, key_id: UUID) -> Wrapped:
        """The data key `secret`, wrapped under the newest master key."""
        context = _context(key_id, self.newest)
        return Wrapped(self.newest, encrypt(self._ciphers[self.newest], secret, context))

    def unwrap(self, wrapped: Wrapped, *, key_id: UUID) -> bytes:
        """The data key itself. Raises MasterMissing, or Tampered when it is not ours."""
        cipher = self._ciphers.get(wrapped.master)
        if cipher is None:
            raise MasterMissing
        return decrypt(cipher, wrapped.box, _context(key_id, wrapped.master))

    def __repr__(self) -> str:
        return f"MasterKeys({', '.join(self._ciphers)})"


def new_master(name: str = "") -> str:
    """A fresh master key in the form MASTER_KEYS takes."""
    key = urlsafe_b64encode(token_bytes(KEY_BYTES)).decode().rstrip("=")
    return f"{name or token_hex(4)}:{key}"


def _context(key_id: UUID, master: str) -> bytes:
    return b"helpline/wrap" + VERSION + key_id.bytes + master.encode()
