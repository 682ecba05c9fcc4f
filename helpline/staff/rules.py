"""Who may do what, and how long a session lives. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """What somebody does in the team; one person may have several."""

    COUNSELLOR = "counsellor"
    COORDINATOR = "coordinator"
    PARTNER = "partner"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Holder(Protocol):
    """Somebody who may hold roles: a member, or a stand-in in a test."""

    @property
    def is_active(self) -> bool: ...
    @property
    def roles(self) -> Collection[str]: ...


def holds(member: Holder, *roles: Role) -> bool:
    """Whether an active member has at least one of `roles`."""
    return member.is_active and any(role in member.roles for role in roles)


def may_counsel(member: Holder) -> bool:
    """See the line, claim, talk, and write notes."""
    return holds(member, Role.COUNSELLOR)


def may_coordinate(member: Holder) -> bool:
    """Run a shift: line health, alarms, opening hours, reviews."""
    return holds(member, Role.COORDINATOR)


def may_work_the_desk(member: Holder) -> bool:
    """See the screen with the line on it; claiming still asks `may_counsel`."""
    return holds(member, Role.COUNSELLOR, Role.COORDINATOR)


def may_receive(member: Holder) -> bool:
    """Receive handovers for a partner organisation."""
    return holds(member, Role.PARTNER)


def may_analyse(member: Holder) -> bool:
    """See figures, never a row of a person."""
    return holds(member, Role.ANALYST)


def may_audit(member: Holder) -> bool:
    """Read who did what, never a text."""
    return holds(member, Role.AUDITOR)


def may_administer(member: Holder) -> bool:
    """Manage accounts, partners, texts and settings, never a talk."""
    return holds(member, Role.ADMIN)


def known_roles(roles: Collection[str]) -> list[str]:
    """Those of `roles` that exist, each once, in their fixed order."""
    return [role.value for role in Role if role in roles]


def alias_is_plain(alias: str) -> bool:
    """Whether visitors may see this name: letters, and what stands between them."""
    return bool(alias) and all(letter.isalpha() or letter in " -'." for letter in alias)


def may_confirm_reset(*, member_id: int, asked_by: int, confirmed_by: int) -> bool:
    """A second factor is replaced by two admins, neither of whom is its owner."""
    return len({member_id, asked_by, confirmed_by}) == 3


def leaves_an_admin(*, active_admins: Collection[int], leaving: int) -> bool:
    """The last admin stays: without one nobody could ever be invited again."""
    return any(admin != leaving for admin in active_admins)


def is_fresh(*, proven_at: float | None, now: float, window: timedelta) -> bool:
    """Whether a code was given so recently that dangerous things may go ahead."""
    return proven_at is not None and 0 <= now - proven_at <= window.total_seconds()


def needs_touch(*, seen_at: datetime, now: datetime, idle: timedelta) -> bool:
    """Whether a sign of life is worth writing: 30 times within the idle limit."""
    return now - seen_at >= idle / 30
