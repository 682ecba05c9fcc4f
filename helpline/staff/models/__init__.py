"""The tables of the staff room."""

from helpline.staff.models.factors import RecoverySheet, TotpDevice
from helpline.staff.models.members import LABELS, Member
from helpline.staff.models.requests import AccessReset, Invitation
from helpline.staff.models.sessions import Session

__all__ = [
    "LABELS",
    "AccessReset",
    "Invitation",
    "Member",
    "RecoverySheet",
    "Session",
    "TotpDevice",
]
