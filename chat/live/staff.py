"""StaffConsumer: a socket that belongs to a signed-in member, asked again each time."""

from typing import Any, ClassVar

from django.conf import settings
from django.http import parse_cookie

from helpline.live.consumer import Over, TypedConsumer
from helpline.live.together import Together
from helpline.staff import queries as staff
from helpline.staff.queries import SignedIn
from helpline.staff.rules import Role


class StaffConsumer(TypedConsumer):
    """Lets in a member with a live, verified session and one of `roles`."""

    asks = staff.signed_in
    beat_every = 2
    sure_for = 4.5  # whoever is out hears nothing more within five
    roles: ClassVar[frozenset[Role]] = frozenset({Role.COUNSELLOR})

    async def admit(self) -> None:
        cookie = dict(self.scope["headers"]).get(b"cookie", b"").decode("latin-1")
        self.session_key = parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME, "")
        await self.still_allowed()

    def beat(self) -> str:
        return self.session_key

    def beaten(self, answer: Any) -> None:
        super().beaten(answer if isinstance(answer, BaseException) else self._checked(answer))

    async def still_allowed(self) -> None:
        """The session lives and the member still has the role. Raises Over."""
        member = self._checked(await Together.here(staff.signed_in).ask(self.session_key))
        if isinstance(member, Over):
            raise member
        self.member_id, self.language = member.pk, member.language
        self.sure()

    def _checked(self, member: SignedIn | None) -> SignedIn | Over:
        return member if member and self.roles & set(member.roles) else Over()
