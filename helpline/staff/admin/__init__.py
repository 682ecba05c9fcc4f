"""Django's admin for accounts: behind both factors, blind to every talk.

It keeps no log of its own (the audit does), changes nothing but through the
verbs in `actions`, and knows only the tables registered here.
"""

from helpline.staff.admin import invitations, members, resets
from helpline.staff.admin.site import site

__all__ = ["invitations", "members", "resets", "site"]
