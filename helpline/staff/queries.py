"""What the staff room answers."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from helpline.clock import now
from helpline.staff import codes, refusals
from helpline.staff.models import AccessReset, Invitation, Member, Session, TotpDevice
from helpline.staff.rules import Role
from helpline.staff.sessions import digest_of
from helpline.steps import Steps, ask, done

SIGNED_IN = """
    SELECT session.key_digest, member.id, member.roles, member.language
      FROM staff_session session JOIN staff_member member ON member.id = session.member_id
     WHERE session.key_digest = ANY(%s) AND session.verified AND member.is_active
       AND session.expire_date > %s AND session.seen_at > %s
"""


class SignedIn(NamedTuple):
    """Whose session lives: all that a socket needs to know of them."""

    pk: int
    roles: list[str]
    language: str


def session_is_live(session_key: str) -> Member | None:
    """The member whose verified session this is, or None: one query, no cache."""
    live = Session.objects.live().filter(verified=True, member__is_active=True)
    session = live.filter(pk=digest_of(session_key)).select_related("member").first()
    return session.member if session else None


def signed_in(session_keys: Sequence[str]) -> list[SignedIn | None]:
    """For each of these session keys whose it is, or None, by one query.

    Sockets ask this at the handshake and while they are open, so that a
    session that ended, or a member who was disabled, stops there too.
    """
    return done(sessions(session_keys))


def sessions(session_keys: Sequence[str]) -> Steps[list[SignedIn | None]]:
    """The same, for whoever asks more in the same transaction."""
    digests = [digest_of(key) for key in session_keys]
    moment = now()
    found = yield from ask(SIGNED_IN, digests, moment, moment - settings.STAFF_IDLE)
    members = {row[0]: SignedIn(*row[1:]) for row in found}
    return [members.get(digest) for digest in digests]


def session_digest(session_key: str) -> str:
    """How `SessionEnded.session` names this session."""
    return digest_of(session_key)


def member_of(request: HttpRequest) -> Member | None:
    """Whoever gave password and code in this session."""
    member = half_member_of(request)
    return member if getattr(member, "otp_device", None) is not None else None


def half_member_of(request: HttpRequest) -> Member | None:
    """Whoever gave at least a password in this session."""
    user = getattr(request, "user", None)
    return user if isinstance(user, Member) and user.is_active else None


def members_with(role: Role) -> QuerySet[Member]:
    """Active members with this role, by name."""
    return Member.objects.filter(is_active=True, roles__contains=[role.value])


def member_by_id(member_id: int) -> Member:
    """Somebody of the team, also who left. Raises NoSuchMember."""
    found = Member.objects.filter(pk=member_id).first()
    if found is None:
        raise refusals.NoSuchMember
    return found


def names_of(member_ids: Iterable[int]) -> dict[int, str]:
    """Names for ids, for pages of the team; also of people who left."""
    found = Member.objects.filter(pk__in=set(member_ids)).values_list("pk", "name")
    return dict(found)


def open_invitation(token: str) -> Invitation | None:
    """The invitation that a link's token opens, while it works."""
    digest = codes.digest(token, purpose="invitation")
    found = Invitation.objects.filter(token_digest=digest).first()
    return found if found and found.is_open else None


def invitation_by_id(invitation_id: int | None) -> Invitation | None:
    """The invitation somebody is accepting, while it works."""
    found = Invitation.objects.filter(pk=invitation_id).first() if invitation_id else None
    return found if found and found.is_open else None


def phone_of(member: Member) -> TotpDevice | None:
    """The phone whose codes count."""
    return TotpDevice.objects.filter(user=member, confirmed=True).first()


def waiting_phone_of(member: Member) -> TotpDevice | None:
    """The phone that was shown a QR code and has not answered yet."""
    return TotpDevice.objects.filter(user=member, confirmed=False).first()


def may_enrol(member: Member) -> bool:
    """Whether a password is enough to add a phone: only just after an invitation."""
    in_time = member.enrol_by is not None and member.enrol_by > now()
    return in_time and phone_of(member) is None


def recovery_codes_left(member: Member) -> int:
    """How many lines of the paper are not crossed out."""
    sheet = member.recoverysheet_set.first()
    return len(sheet.digests) if sheet else 0


def open_resets() -> QuerySet[AccessReset]:
    """Requests that wait for a second admin."""
    return AccessReset.objects.filter(confirmed_by__isnull=True, expires_at__gt=now())


def keys_in_use() -> Iterable[UUID]:
    """The data keys that members' second factors need."""
    return Member.objects.values_list("key_id", flat=True).iterator()
