"""Who is next, and why: the order of the line. Pure.

The order shown is the order in which people will be picked if nobody else
comes: it is made by picking, one after another, with the same rule that a
counsellor's *next* uses.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

EVERY = 5  # every fifth pick that is not acute goes to the longest waiting of all
ACUTE = 0  # the rank of the level that is always first


@dataclass(frozen=True)
class Waiting:
    """One who waits: `rank` is 0 for acute; `returned` lost a counsellor."""

    talk: UUID
    rank: int
    since: datetime
    returned: bool = False


class Placed(NamedTuple):
    """Somebody at their place in the line, with the rule that put them there."""

    waiting: Waiting
    why: str


BECAUSE_ACUTE = "acute_first"
BECAUSE_RETURNED = "returned_first"
BECAUSE_FIFTH = "longest_waiting"
BECAUSE_LEVEL = "level_then_time"


def in_order(everybody: Iterable[Waiting], picks: int) -> list[Placed]:
    """The line, next first. `picks` counts the picks that were not acute, up to now."""
    acute, others = _split(everybody)
    line = [Placed(one, BECAUSE_ACUTE) for one in acute]
    by_age = sorted(others, key=_age)
    taken: set[UUID] = set()
    oldest = iter(by_age)
    urgent = iter(others)
    for pick in range(picks + 1, picks + len(others) + 1):
        fifth = pick % EVERY == 0
        one = next(each for each in (oldest if fifth else urgent) if each.talk not in taken)
        taken.add(one.talk)
        line.append(Placed(one, BECAUSE_FIFTH if fifth else _why(one)))
    return line


def picks_after(picked: Waiting, everybody: Iterable[Waiting], picks: int) -> int:
    """The count of picks once `picked` is taken out of `everybody`.

    A counsellor may take somebody else than the next. When the turn was the
    longest waiting's it stays theirs: the count does not pass the fifth.
    """
    if picked.rank == ACUTE:
        return picks
    due = (picks + 1) % EVERY == 0
    longest = min(_split(everybody)[1], key=_age)
    return picks if due and picked.talk != longest.talk else picks + 1


def _split(everybody: Iterable[Waiting]) -> tuple[list[Waiting], list[Waiting]]:
    """The acute and the others, each by urgency."""
    known = sorted(everybody, key=_urgency)
    return [one for one in known if one.rank == ACUTE], [one for one in known if one.rank != ACUTE]


def _urgency(one: Waiting) -> tuple[bool, bool, int, datetime, UUID]:
    return (one.rank != ACUTE, not one.returned, one.rank, one.since, one.talk)


def _age(one: Waiting) -> tuple[datetime, UUID]:
    return (one.since, one.talk)


def _why(one: Waiting) -> str:
    return BECAUSE_RETURNED if one.returned else BECAUSE_LEVEL
