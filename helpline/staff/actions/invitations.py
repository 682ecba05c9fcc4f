"""Bring somebody in by a link that works once, for 72 hours."""

from collections.abc import Collection
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from helpline.audit.models import Role as AuditRole
from helpline.audit.models import Verb
from helpline.clock import now
from helpline.staff import codes, mail, refusals, rules
from helpline.staff.actions import doors
from helpline.staff.actions.trail import note
from helpline.staff.models import Invitation, Member
from helpline.vault import actions as vault_actions

LINK_WORKS_FOR = timedelta(hours=72)
KEPT_AFTER_EXPIRY = timedelta(days=30)


class Sent(NamedTuple):
    """An invitation and its link, which nobody can read back from the table."""

    invitation: Invitation
    link: str


@transaction.atomic
def invite(
    *, email: str, name: str, roles: Collection[str], by: int | None, send: bool = True
) -> Sent:
    """Invite somebody new; an older open invitation of the same address stops working.

    `by` is the admin, or None for whoever has a shell on the server. Raises
    AlreadyMember or NoRoleLeft.
    """
    email, chosen = codes.clean_login(email), rules.known_roles(roles)
    if not chosen:
        raise refusals.NoRoleLeft
    if Member.objects.filter(email=email).exists():
        raise refusals.AlreadyMember
    return _send(Invitation(email=email, name=name, roles=chosen), by=by, send=send)


def invite_back(*, member: Member, by: int | None, send: bool = True) -> Sent:
    """A link with which a known member chooses a new password and phone."""
    again = Invitation(email=member.email, name=member.name, roles=member.roles, member=member)
    return _send(again, by=by, send=send)


def _send(invitation: Invitation, *, by: int | None, send: bool) -> Sent:
    token = codes.new_token()
    Invitation.objects.filter(email=invitation.email, accepted_at__isnull=True).delete()
    invitation.token_digest = codes.digest(token, purpose="invitation")
    invitation.expires_at = now() + LINK_WORKS_FOR
    invitation.invited_by_id = by
    invitation.save(force_insert=True)
    link = settings.TEAM_ORIGIN + reverse(
        "staff:invitation", args=[token], urlconf="helpline.urls_team"
    )
    role = AuditRole.ADMIN if by else AuditRole.SYSTEM
    note(Verb.INVITED, actor=by, about=invitation.member_id, role=role)
    if send:
        to = mail.Letter(email=invitation.email, name=invitation.name, link=link)
        back = invitation.member_id is not None
        transaction.on_commit(lambda: mail.send_invitation(to, back=back), robust=True)
    return Sent(invitation, link)


@transaction.atomic
def withdraw(*, invitation_id: int, by: int) -> None:
    """Make an open invitation's link stop working. Safe to repeat."""
    open_ones = Invitation.objects.filter(pk=invitation_id, accepted_at__isnull=True)
    if open_ones.delete()[0]:
        note(Verb.MEMBER_CHANGED, actor=by, about=None, role=AuditRole.ADMIN)


def forget_expired() -> int:
    """Remove invitations that nobody followed, a month after their link stopped working."""
    old = Invitation.objects.filter(
        accepted_at__isnull=True, expires_at__lt=now() - KEPT_AFTER_EXPIRY
    )
    count, _by_table = old.delete()
    return count


def accept(request: HttpRequest, *, invitation_id: int, alias: str, password: str) -> Member:
    """Turn an invitation into a member who is signed in but not verified.

    Of two people who follow the same link one wins. Raises InvitationGone.
    """
    key_id = vault_actions.forge()  # committed before the row that needs it
    with transaction.atomic():
        invitation = _open_invitation(invitation_id)
        member = invitation.member or Member(
            email=invitation.email, name=invitation.name, roles=invitation.roles, key_id=key_id
        )
        member.alias, member.enrol_by = alias, invitation.expires_at
        member.set_password(password)
        member.save()
        invitation.member, invitation.accepted_at = member, now()
        invitation.save(update_fields=["member", "accepted_at"])
        doors.end_sessions(member_id=member.pk)
        note(Verb.INVITATION_ACCEPTED, actor=member.pk, about=member.pk)
    if member.key_id != key_id:
        vault_actions.destroy(key_id)
    doors.begin(request, member=member)
    return member


def _open_invitation(invitation_id: int) -> Invitation:
    waiting = Invitation.objects.select_for_update(of=("self",)).select_related("member")
    invitation = waiting.filter(pk=invitation_id).first()
    if invitation is None or not invitation.is_open:
        raise refusals.InvitationGone
    if invitation.member and not invitation.member.is_active:
        raise refusals.InvitationGone
    return invitation
