"""What the audit's tests share: two deeds, and how to hold the chain against itself."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from helpline.audit.models import Role, Subject, Verb

CLAIM = {
    "verb": Verb.CLAIMED,
    "actor": 3,
    "role": Role.COUNSELLOR,
    "subject": Subject.TALK,
    "reference": "ab12",
}
DENIAL = CLAIM | {"verb": Verb.DENIED, "outcome": "not_yours"}


def verify(*arguments: str) -> str:
    """What `verify_audit` says of a whole chain."""
    out = StringIO()
    call_command("verify_audit", *arguments, stdout=out)
    return out.getvalue().strip()


def broken(*arguments: str) -> str:
    """What `verify_audit` says of a chain that is not whole."""
    out = StringIO()
    with pytest.raises(CommandError, match="niet heel"):
        call_command("verify_audit", *arguments, stdout=out)
    return out.getvalue().strip()


def as_owner(statement: str) -> None:
    """Run one statement as the role that owns the tables."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
