"""How long it takes: a range of minutes from what really happened. Pure."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import quantiles
from typing import NamedTuple

FEWEST = 3  # claims; below it we say nothing rather than guess
MINUTE = timedelta(minutes=1)
STEP = 5  # minutes; a range is not more exact than this


class Claimed(NamedTuple):
    """Somebody who waited from `since` and was claimed at `at`."""

    since: datetime
    at: datetime


class Minutes(NamedTuple):
    low: int
    high: int


def expected(ahead: int, recent: Sequence[Claimed]) -> Minutes | None:
    """The minutes until somebody with `ahead` before them is claimed, or None if unknown.

    What repeats is the pace: the time from one claim to the next while somebody
    waits. `ahead` people and oneself are that many times the pace.
    """
    if len(recent) < FEWEST:
        return None
    quarter, _, three_quarters = quantiles(paces(recent), n=4, method="inclusive")
    turns = ahead + 1
    low = math.floor(turns * quarter / STEP) * STEP
    high = math.ceil(turns * three_quarters / STEP) * STEP
    return Minutes(low, max(high, low + STEP))


def paces(recent: Sequence[Claimed]) -> list[float]:
    """The minutes the line took for each claim: since the claim before, or since they came."""
    ordered = sorted(recent, key=lambda claim: claim.at)
    first = ordered[0].at - ordered[0].since
    rest = [after.at - max(before.at, after.since) for before, after in pairwise(ordered)]
    return [max(0.0, pace / MINUTE) for pace in (first, *rest)]
