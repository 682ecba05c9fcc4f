"""Where Django keeps the team's sessions (SESSION_ENGINE).

Only the digest of a session's key is stored. A session that was idle too long
or has become too old does not load, whoever asks: a page, a socket, a script.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django_otp import DEVICE_ID_SESSION_KEY

from helpline.clock import now
from helpline.staff.codes import digest
from helpline.staff.models import Session

STARTED = "started"  # when the password was accepted: the absolute limit counts from there


def digest_of(key: str | None) -> str:
    """How a session key stands in the table."""
    return digest(key or "", purpose="session")


class SessionStore(SessionBase):
    """One session, kept in the database until it is idle or old."""

    row: Session | None = None

    def load(self) -> dict[str, Any]:
        self.row = Session.objects.live().filter(pk=digest_of(self.session_key)).first()
        if self.row is None:
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(self.row.data)
        return found

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(pk=digest_of(session_key)).exists()

    def create(self) -> None:
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Write the session; one that was ended meanwhile is not raised again."""
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        key_digest, fields = digest_of(self.session_key), self._fields(data)
        if must_create:
            try:
                with transaction.atomic():
                    Session.objects.create(pk=key_digest, **fields)
            except IntegrityError as taken:
                raise CreateError from taken
        elif not Session.objects.filter(pk=key_digest).update(**fields):
            raise UpdateError
        return None

    def delete(self, session_key: str | None = None) -> None:
        Session.objects.filter(pk=digest_of(session_key or self.session_key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.ended().delete()

    def _fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        member_id = data.get(SESSION_KEY)
        started = data.get(STARTED)
        since = datetime.fromisoformat(started) if started else now()
        return {
            "data": self.encode(dict(data)),
            "member_id": member_id,
            "verified": bool(member_id and data.get(DEVICE_ID_SESSION_KEY)),
            "expire_date": since + settings.STAFF_ABSOLUTE,
            "seen_at": now(),
        }
