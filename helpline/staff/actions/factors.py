"""Phones and paper: enrol, check a code, use a recovery code.

A refusal is raised only after the transaction: the count of wrong codes that
slows the next try must stay.
"""

from django.db import transaction

from helpline.audit.models import Verb
from helpline.clock import now
from helpline.staff import codes, refusals
from helpline.staff.actions.trail import note, note_refused
from helpline.staff.models import Member, RecoverySheet, TotpDevice
from helpline.staff.models.factors import SlowedDevice
from helpline.vault import queries as vault


def check_code(*, member_id: int, code: str) -> TotpDevice:
    """The phone whose code this is. Raises CodeRefused or CodeTooSoon."""
    with transaction.atomic():
        phones = TotpDevice.objects.select_for_update().select_related(None)
        phone = phones.filter(user_id=member_id, confirmed=True).first()
        slowed = phone is not None and phone.is_slowed()
        if phone is not None and not slowed and phone.verify_token(code):
            return phone
    _refuse(member_id, slowed=slowed, outcome="code")
    raise refusals.CodeRefused


def use_recovery_code(*, member_id: int, code: str) -> RecoverySheet:
    """Cross a recovery code out. Raises RecoveryRefused or CodeTooSoon."""
    with transaction.atomic():
        sheets = RecoverySheet.objects.select_for_update().filter(user_id=member_id)
        sheet = sheets.first()
        slowed = sheet is not None and sheet.is_slowed()
        if sheet is not None and not slowed and sheet.verify_token(code):
            note(Verb.RECOVERY_USED, actor=member_id, about=member_id)
            return sheet
    _refuse(member_id, slowed=slowed, outcome="recovery_code")
    raise refusals.RecoveryRefused


def _refuse(member_id: int, *, slowed: bool, outcome: str) -> None:
    """Slowed tries are not written down: they would fill the audit and prove nothing."""
    if slowed:
        raise refusals.CodeTooSoon
    note_refused(Verb.SIGN_IN_REFUSED, about=member_id, outcome=outcome)


@transaction.atomic
def prepare_phone(*, member_id: int) -> TotpDevice:
    """A phone that waits for its first code, with a fresh secret; an older one is dropped."""
    member = Member.objects.select_for_update().get(pk=member_id)
    TotpDevice.objects.filter(user=member, confirmed=False).delete()
    return _seal_phone(member, secret_hex=codes.new_secret())


def _seal_phone(member: Member, *, secret_hex: str) -> TotpDevice:
    phone = TotpDevice.objects.create(user=member, name="", confirmed=False, box=b"")
    phone.box = vault.open_key(member.key_id).seal(secret_hex, place=phone.place)
    phone.save(update_fields=["box"])
    return phone


def confirm_phone(*, member_id: int, code: str) -> TotpDevice:
    """Make the waiting phone the member's only one. Raises CodeRefused or NothingToEnrol."""
    with transaction.atomic():
        member = Member.objects.select_for_update().get(pk=member_id)
        phones = TotpDevice.objects.select_for_update().filter(user=member)
        phone = phones.filter(confirmed=False).first()
        if phone is None:
            raise refusals.NothingToEnrol
        slowed = phone.is_slowed()
        if not slowed and phone.verify_token(code):
            phones.filter(confirmed=True).delete()
            phone.confirmed = True
            phone.save(update_fields=["confirmed"])
            Member.objects.filter(pk=member_id).update(enrol_by=None)
            note(Verb.ENROLLED_TOTP, actor=member_id, about=member_id)
            return phone
    raise refusals.CodeTooSoon if slowed else refusals.CodeRefused


def make_first_recovery_codes(*, member_id: int) -> list[str]:
    """Ten recovery codes for who has none; somebody who has some keeps them."""
    has_some = RecoverySheet.objects.filter(user_id=member_id).exists()
    return [] if has_some else make_recovery_codes(member_id=member_id)


@transaction.atomic
def make_recovery_codes(*, member_id: int) -> list[str]:
    """Ten fresh recovery codes, returned this once; all older ones stop working."""
    member = Member.objects.select_for_update().get(pk=member_id)
    RecoverySheet.objects.filter(user=member).delete()
    sheet, fresh = RecoverySheet(user=member, name="", made_at=now()), codes.new_sheet()
    sheet.digests = [sheet.digest(code) for code in fresh]
    sheet.save(force_insert=True)
    note(Verb.RECOVERY_MADE, actor=member_id, about=member_id)
    return fresh


def forget_factors(*, member: Member) -> None:
    """Remove phone and paper of a member whose access is restored; call in a transaction."""
    for kind in (TotpDevice, RecoverySheet):
        devices: type[SlowedDevice] = kind
        devices.objects.filter(user=member).delete()
