"""What somebody has besides a password: a phone, and a sheet of paper."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django_otp.models import Device, DeviceManager, ThrottlingMixin
from django_otp.oath import TOTP

from helpline.clock import now
from helpline.staff import codes
from helpline.staff.models.members import Member
from helpline.vault import queries as vault

MOST_FAILURES = 10  # the longest wait after wrong codes is 2^9 seconds


class SlowedDevice(ThrottlingMixin, Device):  # type: ignore[misc]
    """A device that waits 1, 2, 4 .. 512 seconds after wrong codes, then for ever 512."""

    user: Member
    user_id: int
    throttling_failure_count: int

    class Meta:
        abstract = True

    def get_throttle_factor(self) -> int:
        return 1

    def throttle_increment(self, commit: bool = True) -> None:
        super().throttle_increment(commit=False)
        self.throttling_failure_count = min(self.throttling_failure_count, MOST_FAILURES)
        if commit:
            self.save()

    def is_slowed(self) -> bool:
        """Whether the next try still has to wait."""
        allowed, _why = self.verify_is_allowed()
        return not allowed


class TotpDevice(SlowedDevice):
    """A phone that shows codes. Its secret is sealed under its member's key."""

    objects: ClassVar[models.Manager["TotpDevice"]] = DeviceManager()

    box = models.BinaryField()
    last_t = models.BigIntegerField(default=-1)  # the newest step used: no code works twice
    added_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_confirmed_phone_each", fields=["user"], condition=Q(confirmed=True)
            ),
            models.UniqueConstraint(
                name="one_phone_being_added_each", fields=["user"], condition=Q(confirmed=False)
            ),
        ]

    @property
    def place(self) -> str:
        """Where the secret belongs; a box moved to another row does not open."""
        return f"staff:{self.user_id}/totp:{self.pk}"

    def secret(self) -> str:
        """The secret in hex, for one use. Raises Shredded or Tampered."""
        return vault.open_key(self.user.key_id).open(bytes(self.box), place=self.place)

    def clock(self) -> TOTP:
        """The code machine of this phone, at this moment."""
        machine = TOTP(bytes.fromhex(self.secret()))
        machine.time = now().timestamp()
        return machine

    def verify_token(self, token: Any) -> bool:
        """Accept a code of this step or a neighbour, once. Call under the row lock."""
        code = codes.clean_code(str(token))
        if self.is_slowed():
            return False
        machine = self.clock()
        if not code or not machine.verify(int(code), tolerance=1, min_t=self.last_t + 1):
            self.throttle_increment()
            return False
        self.last_t = machine.t()
        self.throttle_reset()
        return True


class RecoverySheet(SlowedDevice):
    """Ten codes on paper, kept as digests; a used one is crossed out for ever."""

    objects: ClassVar[models.Manager["RecoverySheet"]] = DeviceManager()

    digests = ArrayField(models.CharField(max_length=64), default=list)
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_recovery_sheet_each", fields=["user"])
        ]

    def digest(self, code: str) -> str:
        """How a code of this sheet's member is stored."""
        return codes.digest(codes.clean_recovery_code(code), purpose=f"recovery:{self.user_id}")

    def verify_token(self, token: Any) -> bool:
        """Accept each code of the sheet once. Call under the row lock."""
        if self.is_slowed():
            return False
        digest = self.digest(str(token))
        if digest not in self.digests:
            self.throttle_increment()
            return False
        self.digests = [kept for kept in self.digests if kept != digest]
        self.throttle_reset()
        return True
