"""Write the next entry of the audit. There is no other way in, and none back."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any, NotRequired, TypedDict, Unpack

from django.conf import settings
from django.db import connection as default
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from helpline.audit import chain
from helpline.audit.models import Role, Subject, Verb
from helpline.clock import now

PATIENCE = "5s"  # for the pen, when our own caller may be the one who holds it

INSERT = """
    INSERT INTO audit_entry
        (number, hour, actor, role, verb, subject, reference, outcome, previous, hash)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


class Deed(TypedDict):
    """What was done: who, in which role, did what to what, and how it ended."""

    verb: Verb
    actor: int | None
    role: str
    subject: str
    reference: str
    outcome: NotRequired[str]  # a code; "done" unless told


def record(**deed: Unpack[Deed]) -> int:
    """Write the next entry in the caller's transaction; return its number.

    Call it last: from here to the commit nobody else can write an entry.
    """
    with transaction.atomic(savepoint=False):
        return _write(default, [deed])


def record_apart(**deed: Unpack[Deed]) -> int:
    """Write the next entry so that it stays, whatever the caller's transaction does.

    Best called when none is open, after the rollback. Inside one it uses a
    connection of its own; there it must not follow a `record`, for then the
    caller waits for itself and is refused the pen after a few seconds.
    """
    if not _may_roll_back(default):
        return record(**deed)
    apart = _another_connection()
    try:
        with apart.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{PATIENCE}'")
        apart.set_autocommit(False)
        number = _write(apart, [deed])
        apart.commit()
        return number
    finally:
        apart.close()


def record_all(deeds: Sequence[Deed]) -> None:
    """Write the next entries in the caller's transaction, taking the pen once for all of them."""
    if deeds:
        with transaction.atomic(savepoint=False):
            _write(default, deeds)


def _write(connection: Any, deeds: Sequence[Deed]) -> int:
    """Write them in their order; the number of the last."""
    key = chain.read_key(settings.AUDIT_KEY)
    rows = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, hash FROM audit_take_pen()")
        number, previous = cursor.fetchone()
        for deed in deeds:
            number += 1
            line = _line(number, deed)
            link = chain.link(key, previous, line)
            rows.append([*(getattr(line, name) for name in chain.Line.__slots__), previous, link])
            previous = link
        cursor.executemany(INSERT, rows)
    return int(number)


def _line(number: int, deed: Deed) -> chain.Line:
    return chain.Line(
        number=number,
        hour=now().astimezone(UTC).replace(minute=0, second=0, microsecond=0),
        actor=deed["actor"],
        role=Role(deed["role"]).value,
        verb=Verb(deed["verb"]).value,
        subject=Subject(deed["subject"]).value,
        reference=deed["reference"],
        outcome=deed.get("outcome", "done"),
    )


def _may_roll_back(connection: Any) -> bool:
    """Whether a transaction is open, other than the one around each test of ours."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def _another_connection() -> BaseDatabaseWrapper:
    """A connection as the web role beside the pool, which we may be emptying already."""
    apart: BaseDatabaseWrapper = default.copy()
    apart.settings_dict["OPTIONS"].pop("pool", None)
    return apart
