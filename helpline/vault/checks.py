"""What must be right about the master keys before anything starts."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from helpline.vault.masters import MasterKeys


@register()
def master_keys_can_be_read(**kwargs: Any) -> list[CheckMessage]:
    """MASTER_KEYS has the form the vault reads."""
    try:
        MasterKeys.parse(settings.MASTER_KEYS)
    except ValueError as error:
        return [Error(str(error), id="vault.E001")]
    return []
