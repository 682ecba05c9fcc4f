"""What must be right for the audit before anything starts, and before going live."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from helpline.audit import rights
from helpline.audit.chain import read_key

FORBIDDEN = ("UPDATE", "DELETE", "TRUNCATE")


@register()
def audit_key_can_be_read(**kwargs: Any) -> list[CheckMessage]:
    """AUDIT_KEY has the form the chain reads."""
    try:
        read_key(settings.AUDIT_KEY)
    except ValueError as error:
        return [Error(str(error), id="audit.E001")]
    return []


@register(deploy=True)
def web_role_is_not_the_owner(**kwargs: Any) -> list[CheckMessage]:
    """The web server connects as another role than the one that migrates."""
    found: list[CheckMessage] = []
    if not rights.roles_are_apart():
        hint = "Geef DATABASE_URL een eigen rol, anders dan die van OWNER_DATABASE_URL."
        found.append(Warning("De webrol bezit het logboek.", hint=hint, id="audit.W001"))
    if str(settings.DATABASES[rights.WEB]["NAME"]).startswith("test_"):
        hint = "Alleen in een testdatabase mag de eigenaar het logboek legen."
        found.append(Error("De naam van de database begint met test_.", hint=hint, id="audit.E002"))
    return found


@register(Tags.database)
def web_role_cannot_change_the_audit(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """With `check --database default`: the rights as the database has them."""
    if rights.WEB not in (databases or ()):
        return []
    with connections[rights.WEB].cursor() as cursor:
        cursor.execute(
            "SELECT right_name FROM unnest(%s::text[]) AS right_name"
            " WHERE has_table_privilege('audit_entry', right_name)"
            " OR has_table_privilege('audit_head', right_name)",
            [list(FORBIDDEN)],
        )
        held = ", ".join(name for (name,) in cursor.fetchall())
    if not held:
        return []
    return [Error(f"De webrol mag op het logboek: {held}.", id="audit.E003")]
