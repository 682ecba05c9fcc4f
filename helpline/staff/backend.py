"""Who a name and a password belong to (AUTHENTICATION_BACKENDS)."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend


class MemberBackend(ModelBackend):
    """Django's check of a password; an unknown name takes as long as a known one."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Disabled members never, and example accounts never in production."""
        return user.is_active and not (settings.PRODUCTION and user.is_demo)
