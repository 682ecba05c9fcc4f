"""What the web role may do in the main database: nearly everything, but not with the audit."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

WEB = "default"
OWNER = "owner"
NARROW = {
    "audit_entry": "SELECT, INSERT",
    "audit_head": "SELECT",
    "django_migrations": "SELECT",
}
# Trigger functions stay closed: hung on a table of one's own they could move the head.
CLOSED = ("audit_follow()", "audit_refuse()", "audit_restart()")
OPEN = ("audit_take_pen()",)

# A migrate may stop half-way or go back: grant on what is there.
TABLES = "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL"
FUNCTIONS = "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regprocedure(name) IS NOT NULL"


def roles_are_apart() -> bool:
    """Whether the web role is another than the one that owns the tables."""
    databases = settings.DATABASES
    return OWNER in databases and databases[WEB]["USER"] != databases[OWNER]["USER"]


def after_migrate(*, using: str, **kwargs: Any) -> None:
    """Give the web role its rights once the owner has migrated. Safe to repeat.

    `flush` sends the same signal, without a plan: it makes no tables.
    """
    if "plan" in kwargs and using == OWNER and roles_are_apart():
        give(using)


def give(using: str = OWNER) -> None:
    """Grant the web role its rights on every table there is, and no more on the audit's.

    In one transaction: a running web server never meets a table it may not read.
    """
    web = sql.Identifier(settings.DATABASES[WEB]["USER"])
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        tables = _existing(cursor, TABLES, NARROW)
        functions = _existing(cursor, FUNCTIONS, (*CLOSED, *OPEN))
        for statement in _statements(tables, functions):
            cursor.execute(sql.SQL(statement).format(web=web))


def _existing(cursor: Any, query: str, names: Iterable[str]) -> list[str]:
    cursor.execute(query, [list(names)])
    return [name for (name,) in cursor.fetchall()]


def _statements(tables: list[str], functions: list[str]) -> list[str]:
    return [
        "GRANT USAGE ON SCHEMA public TO {web}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {web}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {web}",
        *(f"REVOKE ALL ON {table} FROM {{web}}" for table in tables),
        *(f"GRANT {NARROW[table]} ON {table} TO {{web}}" for table in tables),
        *(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC, {{web}}" for name in functions),
        *(f"GRANT EXECUTE ON FUNCTION {name} TO {{web}}" for name in functions if name in OPEN),
    ]
