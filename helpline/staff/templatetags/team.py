"""What the bar on top of the team's pages needs to know."""

from django import template
from django.http import HttpRequest

from helpline.staff import places, queries
from helpline.staff.models import Member

register = template.Library()


@register.simple_tag(takes_context=True)
def signed_in(context: template.Context) -> Member | None:
    """Whoever gave password and code, or None; the code page shows no rooms."""
    request = context.get("request")
    return queries.member_of(request) if isinstance(request, HttpRequest) else None


@register.simple_tag
def rooms(member: Member) -> list[places.Found]:
    """The rooms this member may enter."""
    return places.of(member)
