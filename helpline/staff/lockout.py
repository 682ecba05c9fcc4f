"""Count wrong passwords by login name, and remember nothing else.

django-axes does the counting. What it would also write down (address, device,
page, form) never reaches it, and the name itself stands there as an HMAC: a
name nobody has may be a password that was typed in the wrong field.
"""

import hashlib
import hmac
from datetime import datetime
from enum import Enum
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from helpline.staff.codes import clean_login


class Verdict(Enum):
    """What a wrong password led to."""

    WRONG = "wrong"
    JUST_LOCKED = "just_locked"
    STILL_LOCKED = "still_locked"


def nameless(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """AXES_USERNAME_CALLABLE: the login name as an HMAC."""
    typed = str((credentials or {}).get("email") or "")
    key = f"lockout:{settings.SECRET_KEY}".encode()
    return hmac.new(key, clean_login(typed).encode(), hashlib.sha256).hexdigest()


def no_address(request: HttpRequest) -> None:
    """AXES_CLIENT_IP_CALLABLE: there is none."""


def silent(*args: Any) -> str:
    """AXES_CLIENT_STR_CALLABLE: what its log lines may say about a client."""
    return ""


def alone(email: str) -> bool:
    """Whether nobody else is trying this name right now; holds until the transaction ends.

    Without it a hundred tries at once would all be checked before the first is counted.
    """
    number = int(nameless(None, {"email": email})[:15], 16)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def forget_before(moment: datetime) -> int:
    """Delete the counts whose last wrong password was before `moment`."""
    count, _by_table = AccessAttempt.objects.filter(attempt_time__lt=moment).delete()
    return int(count)


def verdict(request: HttpRequest) -> Verdict:
    """What the attempt that just failed on `request` led to."""
    if not getattr(request, "axes_locked_out", False):
        return Verdict.WRONG
    counted = getattr(request, "axes_failures_since_start", None) is not None
    return Verdict.JUST_LOCKED if counted else Verdict.STILL_LOCKED


class NamelessHandler(AxesDatabaseHandler):  # type: ignore[misc]
    """AXES_HANDLER: counts on a blank request, so there is nothing to keep."""

    def user_login_failed(
        self,
        sender: Any,
        credentials: dict[str, Any],
        request: HttpRequest | None = None,
        **kwargs: Any,
    ) -> None:
        if request is None:
            return
        blank = _blank(locked=getattr(request, "axes_locked_out", False))
        super().user_login_failed(sender, credentials, blank, **kwargs)
        for result in ("axes_locked_out", "axes_failures_since_start"):
            setattr(request, result, getattr(blank, result))

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        name = nameless(request, {"email": user.email})
        AccessAttempt.objects.filter(username=name).delete()

    def user_logged_out(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        """Leaving is not counted."""


def _blank(*, locked: bool) -> HttpRequest:
    request = HttpRequest()
    AxesProxyHandler.update_request(request)
    for trace in ("axes_user_agent", "axes_path_info", "axes_http_accept"):
        setattr(request, trace, "")
    request.axes_locked_out = locked  # type: ignore[attr-defined]
    return request
