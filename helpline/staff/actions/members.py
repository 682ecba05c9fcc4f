"""Who may do what: roles, leaving, coming back, and a lost second factor.

Whatever takes rights away ends the member's sessions in the same transaction
and closes their sockets after it.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction

from helpline.audit.models import Role as AuditRole
from helpline.audit.models import Verb
from helpline.clock import now
from helpline.staff import refusals, rules
from helpline.staff.actions import doors, factors, invitations
from helpline.staff.actions.trail import note
from helpline.staff.models import AccessReset, Member
from helpline.staff.rules import Role
from helpline.vault import actions as vault_actions

RESET_WAITS_FOR = timedelta(hours=72)


@transaction.atomic
def change_member(*, member_id: int, by: int, name: str, roles: Collection[str]) -> Member:
    """Give a member another name or other roles; other roles end their sessions.

    Raises NoRoleLeft, LastAdmin, NotYourOwnRoles or NoSuchMember.
    """
    chosen = rules.known_roles(roles)
    if not chosen:
        raise refusals.NoRoleLeft
    if Role.ADMIN not in chosen:
        _keep_an_admin(leaving=member_id)
    member = _locked(member_id)
    moved = set(chosen) != set(member.roles)
    if moved and member_id == by:
        raise refusals.NotYourOwnRoles
    member.name, member.roles = name, chosen
    member.save(update_fields=["name", "roles"])
    note(Verb.MEMBER_CHANGED, actor=by, about=member_id, role=AuditRole.ADMIN)
    if moved:
        doors.end_sessions(member_id=member_id)
    return member


@transaction.atomic
def disable_member(*, member_id: int, by: int) -> None:
    """End a member's access everywhere, now. Safe to repeat. Raises LastAdmin."""
    _keep_an_admin(leaving=member_id)
    member = _locked(member_id)
    member.is_active = False
    member.save(update_fields=["is_active"])
    doors.end_sessions(member_id=member_id)
    note(Verb.MEMBER_DISABLED, actor=by, about=member_id, role=AuditRole.ADMIN)


@transaction.atomic
def enable_member(*, member_id: int, by: int) -> None:
    """Give somebody who came back their access again, with the factors they had."""
    Member.objects.filter(pk=_locked(member_id).pk).update(is_active=True)
    note(Verb.MEMBER_CHANGED, actor=by, about=member_id, role=AuditRole.ADMIN)


@transaction.atomic
def ask_reset(*, member_id: int, by: int) -> AccessReset:
    """Ask another admin to restore a member's access. Asking again renews the question."""
    if member_id == by:
        raise refusals.NotTwoPeople
    member = _locked(member_id)
    AccessReset.objects.filter(member=member, confirmed_by__isnull=True).delete()
    note(Verb.RESET_REQUESTED, actor=by, about=member_id, role=AuditRole.ADMIN)
    return AccessReset.objects.create(
        member=member, asked_by_id=by, expires_at=now() + RESET_WAITS_FOR
    )


@transaction.atomic
def confirm_reset(*, reset_id: int, by: int) -> invitations.Sent:
    """Take phone, paper and sessions away and send the member a link to start again.

    Raises ResetGone or NotTwoPeople.
    """
    reset = AccessReset.objects.select_for_update().filter(pk=reset_id).first()
    if reset is None or not reset.is_open:
        raise refusals.ResetGone
    if not rules.may_confirm_reset(
        member_id=reset.member_id, asked_by=reset.asked_by_id, confirmed_by=by
    ):
        raise refusals.NotTwoPeople
    reset.confirmed_by_id = by
    reset.save(update_fields=["confirmed_by"])
    note(Verb.TOTP_RESET, actor=by, about=reset.member_id, role=AuditRole.ADMIN)
    return restore(member_id=reset.member_id, by=by)


@transaction.atomic
def restore(*, member_id: int, by: int | None, send: bool = True) -> invitations.Sent:
    """Lock a member out until they follow a fresh link; `by` None is a shell on the server.

    With a key of their own that is new: the old one may be what was lost.
    """
    member = _locked(member_id)
    factors.forget_factors(member=member)
    former, member.key_id = member.key_id, vault_actions.forge()
    transaction.on_commit(lambda: vault_actions.destroy(former))
    member.set_unusable_password()
    member.save(update_fields=["password", "key_id"])
    doors.end_sessions(member_id=member_id)
    return invitations.invite_back(member=member, by=by, send=send)


@transaction.atomic
def change_self(*, member_id: int, alias: str, language: str) -> None:
    """Change the name visitors see, or the language of the pages."""
    Member.objects.filter(pk=member_id).update(alias=alias, language=language)
    note(Verb.MEMBER_CHANGED, actor=member_id, about=member_id)


@transaction.atomic
def change_password(*, member_id: int, password: str, keep: str | None) -> Member:
    """Choose a new password; every other session ends. `keep` is the key of this one."""
    member = _locked(member_id)
    member.set_password(password)
    member.save(update_fields=["password"])
    doors.end_sessions(member_id=member_id, keep=keep)
    note(Verb.PASSWORD_CHANGED, actor=member_id, about=member_id)
    return member


def _locked(member_id: int) -> Member:
    member = Member.objects.select_for_update().filter(pk=member_id).first()
    if member is None:
        raise refusals.NoSuchMember
    return member


def _keep_an_admin(*, leaving: int) -> None:
    """Two last admins cannot leave at once: all admins are locked first, in one order."""
    admins = Member.objects.select_for_update().order_by("pk")
    active = admins.filter(is_active=True, roles__contains=[Role.ADMIN.value])
    left = list(active.values_list("pk", flat=True))
    if leaving in left and not rules.leaves_an_admin(active_admins=left, leaving=leaving):
        raise refusals.LastAdmin
