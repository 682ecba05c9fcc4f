"""Opening hours in local time, over midnight and both clock changes. Pure.

A local time that comes twice (in October) or never (in March) is read in the
visitor's favour: the door opens at the first and closes at the last moment
that can be meant.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)


class Hours(NamedTuple):
    """Open on `weekday` (0 is Monday) from `opens` to `closes`; not later is the next day."""

    weekday: int
    opens: time
    closes: time


class Stretch(NamedTuple):
    """One time that the door stands open: from `start` up to, not including, `end`."""

    start: datetime
    end: datetime


def is_open(moment: datetime, hours: Iterable[Hours]) -> bool:
    """Whether any of the hours covers `moment`."""
    today = moment.astimezone(AMSTERDAM).date()
    return any(
        stretch.start <= moment < stretch.end for stretch in stretches(hours, today - DAY, days=2)
    )


def next_opening(moment: datetime, hours: Iterable[Hours]) -> datetime | None:
    """The first opening after `moment`, or None when there are no hours at all."""
    today = moment.astimezone(AMSTERDAM).date()
    starts = [stretch.start for stretch in stretches(hours, today, days=9)]
    return min((start for start in starts if start > moment), default=None)


def stretches(hours: Iterable[Hours], first: date, *, days: int) -> Iterator[Stretch]:
    """Every stretch that starts on one of `days` days from `first`."""
    known = list(hours)
    for day in (first + DAY * number for number in range(days)):
        for row in known:
            if row.weekday == day.weekday():
                last = day if row.closes > row.opens else day + DAY
                yield Stretch(min(_moments(day, row.opens)), max(_moments(last, row.closes)))


def _moments(day: date, at: time) -> tuple[datetime, datetime]:
    """Both readings of a local time; they differ only around a clock change."""
    local = datetime.combine(day, at, AMSTERDAM)
    return local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC)
