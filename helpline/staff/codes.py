"""Secrets a person types, reads from paper or follows once. Pure."""

import base64
import hashlib
import re
import secrets
import unicodedata
from urllib.parse import quote, urlencode

SHEET_SIZE = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no i, l, o, 0 or 1: nobody mistakes them
GROUPS, GROUP = 4, 4  # 16 letters of 31: 79 bits, out of reach even for whoever has the table
SECRET_BYTES = 20  # what RFC 4226 recommends


def new_token() -> str:
    """A token for a link that works once: 256 bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str, *, purpose: str) -> str:
    """How a random secret stands in a table: SHA-256, bound to its purpose."""
    return hashlib.sha256(f"{purpose}\0{secret}".encode()).hexdigest()


def new_secret() -> str:
    """A fresh secret for a second factor, in hex."""
    return secrets.token_hex(SECRET_BYTES)


def in_base32(secret_hex: str) -> str:
    """The secret as apps want it typed."""
    return base64.b32encode(bytes.fromhex(secret_hex)).decode()


def in_groups(text: str, size: int = 4) -> str:
    """`text` in groups that an eye can keep."""
    return " ".join(text[start : start + size] for start in range(0, len(text), size))


def enrolment_address(*, secret_hex: str, login: str, issuer: str) -> str:
    """What the QR code says (the otpauth form that every authenticator app reads)."""
    label = quote(f"{issuer}:{login}", safe="")
    fields = {"secret": in_base32(secret_hex), "issuer": issuer, "digits": 6, "period": 30}
    return f"otpauth://totp/{label}?{urlencode(fields, quote_via=quote)}"


def new_sheet() -> list[str]:
    """Ten recovery codes, to be shown once."""
    return [_recovery_code() for _ in range(SHEET_SIZE)]


def _recovery_code() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def clean_recovery_code(typed: str) -> str:
    """A recovery code as it was printed, however it was typed."""
    letters = re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKC", typed).lower())
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def clean_code(typed: str) -> str:
    """The digits of a code, however it was typed; empty when it cannot be one."""
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed))
    return digits if re.fullmatch(r"[0-9]{6}", digits) else ""


def clean_login(typed: str) -> str:
    """A login name as it is stored: an address in lower case."""
    return unicodedata.normalize("NFKC", typed).strip().lower()
