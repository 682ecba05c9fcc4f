"""What must be true of accounts before the team site may face the world."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from helpline.staff.models import Member
from helpline.staff.models.members import DEMO_DOMAIN


@register(Tags.security, deploy=True)
def no_demo_accounts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """`check --deploy` fails while an example account is in the table of production."""
    if not settings.PRODUCTION:
        return []
    try:
        count = Member.objects.filter(email__endswith=f"@{DEMO_DOMAIN}").count()
    except DatabaseError:
        return []  # no table yet: nobody either
    if not count:
        return []
    hint = "Maak een lege database; voorbeeldaccounts hebben wachtwoorden die iedereen kent."
    return [
        Error(f"Er staan {count} voorbeeldaccounts in de database.", hint=hint, id="staff.E001")
    ]
