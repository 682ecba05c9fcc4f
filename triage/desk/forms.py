"""What the desk's forms say. Anything else is Unreadable."""

from collections.abc import Iterable
from datetime import time
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest

from helpline.errors import Unreadable
from triage.shifts.hours import Hours
from triage.shifts.models import OpeningHours

WEEKDAYS = range(7)


class Day(NamedTuple):
    """One weekday of the form, with its hours or without."""

    weekday: int
    name: str
    hours: Hours | None


def talk_of(request: HttpRequest) -> UUID:
    """The talk the form names."""
    try:
        return UUID(request.POST.get("talk", ""))
    except ValueError:
        raise Unreadable from None


def colleague_of(request: HttpRequest) -> int:
    """The colleague the form names."""
    return _number(request.POST.get("to", ""))


def week_of(request: HttpRequest) -> list[Hours]:
    """The week the form describes: for each weekday a from and a till, or both empty for closed."""
    week = []
    for weekday in WEEKDAYS:
        opens = request.POST.get(f"opens-{weekday}", "").strip()
        closes = request.POST.get(f"closes-{weekday}", "").strip()
        if opens or closes:
            week.append(Hours(weekday, _time(opens), _time(closes)))
    return week


def week_to_show(week: Iterable[Hours]) -> list[Day]:
    """The seven days of the form, with the first hours of each."""
    found = {row.weekday: row for row in reversed(list(week))}
    return [Day(day, str(name), found.get(day)) for day, name in OpeningHours.WEEKDAYS]


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Unreadable
    return int(text)


def _time(text: str) -> time:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        raise Unreadable from None
    if found.tzinfo is not None:  # the hours are those of the clock on our wall
        raise Unreadable
    return found
