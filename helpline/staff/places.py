"""The rooms of the team site, and whose they are: one visible table.

Names of routes, not imports: the desk stands on a higher storey.
"""

from typing import NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpline.staff import rules
from helpline.staff.models import Member
from helpline.staff.rules import Role


class Place(NamedTuple):
    """A room somebody may enter from the bar on top."""

    route: str
    label: str | Promise
    roles: tuple[Role, ...]


class Found(NamedTuple):
    """A room with its address."""

    address: str
    label: str | Promise


PLACES = (
    Place("desk:home", _("Werkplek"), (Role.COUNSELLOR, Role.COORDINATOR)),
    Place("staff:audit", _("Logboek"), (Role.AUDITOR,)),
    Place("admin:index", _("Beheer"), (Role.ADMIN,)),
)


def of(member: Member) -> list[Found]:
    """The rooms of this member, the most used first; rooms not built yet are left out."""
    found = []
    for place in PLACES:
        if rules.holds(member, *place.roles) and (address := _address(place.route)):
            found.append(Found(address, place.label))
    return found


def _address(route: str) -> str | None:
    try:
        return reverse(route, urlconf="helpline.urls_team")
    except NoReverseMatch:
        return None
