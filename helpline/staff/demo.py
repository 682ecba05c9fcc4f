"""The cast with ready accounts, for trying things out and for tests; never in production."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import transaction
from django_otp import DEVICE_ID_SESSION_KEY

from helpline.clock import now
from helpline.staff import refusals
from helpline.staff.actions import factors
from helpline.staff.actions.doors import PROVEN
from helpline.staff.models import Member, TotpDevice
from helpline.staff.models.members import DEMO_DOMAIN
from helpline.staff.rules import Role, known_roles
from helpline.staff.sessions import STARTED
from helpline.vault import actions as vault_actions

PASSWORD = "demo-demo-demo"  # noqa: S105  # printed by `make run`; production refuses these accounts
CAST: dict[str, tuple[Role, ...]] = {
    "cem": (Role.COUNSELLOR,),
    "olu": (Role.COORDINATOR, Role.COUNSELLOR),
    "pia": (Role.PARTNER,),
    "ana": (Role.ANALYST,),
    "udo": (Role.AUDITOR,),
    "ada": (Role.ADMIN,),
}


def make_demo_members() -> list[Member]:
    """The whole cast; who is there already stays as they are."""
    return [make_member(name, roles) for name, roles in CAST.items()]


def make_member(name: str, roles: Collection[str]) -> Member:
    """`name`@demo.example with these roles, PASSWORD and a linked phone. Safe to repeat."""
    _refuse_in_production()
    email = f"{name.lower()}@{DEMO_DOMAIN}"
    if there := Member.objects.filter(email=email).first():
        return there
    key_id = vault_actions.forge()
    shown = name.title()
    member = Member(email=email, name=shown, alias=shown, roles=known_roles(roles), key_id=key_id)
    member.set_password(PASSWORD)
    with transaction.atomic():
        member.save()
        phone = factors.prepare_phone(member_id=member.pk)
        TotpDevice.objects.filter(pk=phone.pk).update(confirmed=True)
    return member


def find(who: str) -> Member:
    """The demo member called `who`, a name or a whole address. Raises NoSuchMember."""
    _refuse_in_production()
    email = who.lower() if "@" in who else f"{who.lower()}@{DEMO_DOMAIN}"
    found = Member.objects.filter(email=email).first()
    if found is None or not found.is_demo:
        raise refusals.NoSuchMember
    return found


def code_of(member: Member) -> str:
    """A code of this demo member's phone that works now; the next one if this one was used."""
    _refuse_in_production()
    phone = TotpDevice.objects.get(user=member, confirmed=True)
    machine = phone.clock()
    machine.drift = max(0, phone.last_t + 1 - machine.t())
    return f"{machine.token():06d}"


def sign_in(client: Any, member: Member) -> None:
    """Give a Django test client a session that passed both steps, a moment ago."""
    _refuse_in_production()
    client.force_login(member, backend="helpline.staff.backend.MemberBackend")
    session = client.session
    phone = TotpDevice.objects.get(user=member, confirmed=True)
    session[DEVICE_ID_SESSION_KEY] = phone.persistent_id
    session[PROVEN], session[STARTED] = now().timestamp(), now().isoformat()
    session.save()


def _refuse_in_production() -> None:
    if settings.PRODUCTION:
        raise refusals.NotInProduction
