"""Seal words under a key and bind them to their place. Pure: bytes in, bytes out.

A box is `version | nonce | AES-256-GCM(padded text) | tag`. The associated
data is `label | version | key id | place`. Text is `length (4 bytes) | UTF-8 |
zeros`, filled to a step. The data key itself is never used twice for two
purposes: sealing and naming each get a key derived from it (HKDF-Expand).
"""

import hmac
from secrets import token_bytes
from typing import NoReturn
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from helpline.errors import Unreadable
from helpline.vault.refusals import Tampered

VERSION = b"\x01"
KEY_BYTES = 32
NONCE_BYTES = 12
LENGTH_BYTES = 4
STEP = 256


class SealingKey:
    """One data key, opened: it seals, opens and names, and never shows itself."""

    __slots__ = ("_cipher", "_label", "_namer", "key_id")

    def __init__(self, key_id: UUID, secret: bytes) -> None:
        self.key_id, self._label = key_id, b"helpline/box" + VERSION + key_id.bytes
        self._cipher = AESGCM(_derive(secret, b"helpline/seal"))
        self._namer = _derive(secret, b"helpline/handle")

    def seal(self, text: str, *, place: str, step: int = STEP) -> bytes:
        """A box of `text` that opens with this key and at this place only."""
        return encrypt(self._cipher, pad(text, step), self._context(place))

    def open(self, box: bytes | memoryview, *, place: str) -> str:
        """The text in `box`. Raises Tampered when one bit, the key or the place differs."""
        return unpad(decrypt(self._cipher, bytes(box), self._context(place)))

    def handle(self, purpose: str) -> str:
        """A name for what this key belongs to, as 64 hex digits; dead once the key is."""
        return hmac.digest(self._namer, purpose.encode(), "sha256").hex()

    def _context(self, place: str) -> bytes:
        return self._label + place.encode()

    def __repr__(self) -> str:
        return f"SealingKey({self.key_id})"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a key is never pickled or copied")


def encrypt(cipher: AESGCM, clear: bytes, context: bytes) -> bytes:
    """`clear` under a fresh random nonce, with the version in front."""
    nonce = token_bytes(NONCE_BYTES)
    return VERSION + nonce + cipher.encrypt(nonce, clear, context)


def decrypt(cipher: AESGCM, box: bytes, context: bytes) -> bytes:
    """What `encrypt` was given. Raises Tampered for anything it did not make."""
    version, nonce, sealed = box[:1], box[1 : 1 + NONCE_BYTES], box[1 + NONCE_BYTES :]
    if version != VERSION:
        raise Tampered
    try:
        return cipher.decrypt(nonce, sealed, context)
    except (InvalidTag, ValueError):
        raise Tampered from None


def pad(text: str, step: int = STEP) -> bytes:
    """`text` with its length in front and zeros behind, filled to a multiple of `step`."""
    try:
        encoded = text.encode()
    except UnicodeEncodeError:  # half a surrogate pair; the error would quote the text
        raise Unreadable from None
    clear = len(encoded).to_bytes(LENGTH_BYTES) + encoded
    return clear + bytes(-len(clear) % step)


def unpad(clear: bytes) -> str:
    """The text that `pad` was given. Raises Tampered when it was not padded so."""
    end = LENGTH_BYTES + int.from_bytes(clear[:LENGTH_BYTES])
    if end > len(clear) or clear[end:] != bytes(len(clear) - end):
        raise Tampered
    try:
        return clear[LENGTH_BYTES:end].decode()
    except UnicodeDecodeError:
        raise Tampered from None


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDFExpand(algorithm=SHA256(), length=KEY_BYTES, info=purpose).derive(secret)
