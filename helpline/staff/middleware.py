"""What happens around every page of the team site."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from helpline.clock import now
from helpline.hosts import GetResponse
from helpline.staff import queries, rules
from helpline.staff.actions import doors


def at_home(get_response: GetResponse) -> GetResponse:
    """Middleware: count a page as a sign of life, and speak the member's language."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        member = queries.half_member_of(request)
        if member is None:
            return get_response(request)
        keep_alive(request)
        with translation.override(member.language):
            return get_response(request)

    return middleware


def keep_alive(request: HttpRequest) -> None:
    """Let the idle limit start again, written down at most once a minute or so."""
    row = getattr(request.session, "row", None)
    key = request.session.session_key
    if row and key and rules.needs_touch(seen_at=row.seen_at, now=now(), idle=settings.STAFF_IDLE):
        doors.touch_session(session_key=key)
