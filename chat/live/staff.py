"""StaffConsumer: a socket that belongs to a signed-in member, asked again each time."""

from typing import ClassVar

from django.conf import settings
from django.http import parse_cookie

from helpline.live.consumer import Over, TypedConsumer, in_database
from helpline.staff import queries as staff
from helpline.staff.rules import Role


class StaffConsumer(TypedConsumer):
    """Lets in a member with a live, verified session and one of `roles`."""

    beat_every = 4
    roles: ClassVar[frozenset[Role]] = frozenset({Role.COUNSELLOR})

    async def admit(self) -> None:
        cookie = dict(self.scope["headers"]).get(b"cookie", b"").decode("latin-1")
        self.session_key = parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME, "")
        await self.still_allowed()

    async def on_beat(self) -> None:
        await self.still_allowed()

    async def still_allowed(self) -> None:
        """The session lives and the member still has the role. Raises Over."""
        member = await in_database(staff.session_is_live)(self.session_key)
        if member is None or not self.roles & set(member.roles):
            raise Over
        self.member_id: int = member.pk
        self.language = member.language
