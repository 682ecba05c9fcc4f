"""What the staff room writes in the audit: ids and codes."""

from helpline.audit import actions as audit
from helpline.audit.models import Role, Subject, Verb


def note(verb: Verb, *, actor: int | None, about: int | None, role: Role = Role.MEMBER) -> None:
    """Write down, with the change itself, what `actor` did to member `about`."""
    audit.record(verb=verb, actor=actor, role=role, subject=Subject.MEMBER, reference=_id(about))


def note_refused(verb: Verb, *, about: int | None, outcome: str) -> None:
    """Write down a refusal at the door; it stays, whatever is rolled back.

    An unknown name is written too, without the name: a wrong guess must not
    answer faster than a right one.
    """
    audit.record_apart(
        verb=verb,
        actor=about,
        role=Role.MEMBER if about else Role.NOBODY,
        subject=Subject.MEMBER,
        reference=_id(about),
        outcome=outcome,
    )


def note_denied(*, actor: int, route: str) -> None:
    """Write down that somebody knocked at a page of another role."""
    audit.record_apart(
        verb=Verb.DENIED,
        actor=actor,
        role=Role.MEMBER,
        subject=Subject.ROUTE,
        reference=route,
        outcome="refused",
    )


def note_audit_read(*, actor: int) -> None:
    """Write down that the audit itself was read."""
    audit.record(
        verb=Verb.AUDIT_READ, actor=actor, role=Role.AUDITOR, subject=Subject.AUDIT, reference=""
    )


def _id(member_id: int | None) -> str:
    return "" if member_id is None else str(member_id)
