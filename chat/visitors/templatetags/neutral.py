"""What a bystander may see: a title and a page that say nothing."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def neutral_title() -> str:
    """The title of every tab and of every entry in the browser's history."""
    return str(settings.NEUTRAL_TITLE)


@register.simple_tag
def neutral_page() -> str:
    """Where somebody who leaves ends up."""
    return str(settings.NEUTRAL_PAGE)
