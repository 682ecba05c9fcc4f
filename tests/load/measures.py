"""What a crowd does to be measured, and what is measured of it."""

import asyncio
import time
from typing import Any

from tests.load.crowd import Crowd
from tests.load.figures import percentiles

Found = dict[str, Any]
UNCOUNTED = 10  # visits, at first


async def saturate(crowd: Crowd, *, warm: float, seconds: float, pace: float = 0) -> Found:
    """Each talk has one message on its way, always: how many are delivered in a second.

    `pace` is the least time between two messages of one talk.
    """
    already = crowd.said
    crowd.is_pressing, crowd.pace = True, pace
    for talk in crowd.here:
        talk.press()
    await crowd.pause(warm)
    begun, before = time.perf_counter(), crowd.delivered
    crowd.latencies.clear()
    await crowd.pause(seconds)
    rate = (crowd.delivered - before) / (time.perf_counter() - begun)
    found = {"per_second": rate, **percentiles(crowd.latencies), **waiting(crowd)}
    crowd.is_pressing = False
    await crowd.until_quiet()
    return {**found, "messages": crowd.said - already, "counted": dict(crowd.counted)}


async def at_rate(crowd: Crowd, *, warm: float, seconds: float, per_second: float) -> Found:
    """So many messages a second, spread evenly: how long each takes to its counsellor.

    A message that is due while the one before is still on its way waits for
    it, and its waiting counts.
    """
    already = crowd.said
    await speak_evenly(crowd, warm, per_second, 0)
    begun, before = time.perf_counter(), crowd.delivered
    crowd.latencies.clear()
    late = await speak_evenly(crowd, seconds, per_second, int(warm * per_second))
    rate = (crowd.delivered - before) / (time.perf_counter() - begun)
    await crowd.until_quiet()
    found = {"per_second": rate, "late_ms": late * 1000, **percentiles(crowd.latencies)}
    return {**found, "messages": crowd.said - already, "counted": dict(crowd.counted)}


async def speak_evenly(crowd: Crowd, seconds: float, per_second: float, first: int) -> float:
    """Have the talks speak in turn; return how late we were ourselves at worst."""
    begun, done, late = time.perf_counter(), 0, 0.0
    while (passed := time.perf_counter() - begun) < seconds:
        while (due := done / per_second) <= passed:
            late = max(late, passed - due)
            crowd.here[(first + done) % len(crowd.here)].say_when_quiet(time.perf_counter())
            done += 1
        await crowd.pause(0.001)
    return late


def waiting(crowd: Crowd) -> Found:
    """How many talks wait for which end: when all wait for one, its road is the slow one."""
    return {
        "visitors_waiting": sum(talk.visitor.got < talk.said for talk in crowd.here),
        "counsellors_waiting": sum(
            talk.counsellor is not None and talk.counsellor.got < talk.said for talk in crowd.here
        ),
    }


async def storm(crowd: Crowd) -> Found:
    """Everybody comes back at one instant; each has missed one message meanwhile."""
    for talk in crowd.talks:
        talk.said += 1
    seconds = await crowd.open(crowd.talks, at_once=len(crowd.talks))
    crowd.refuse_differences()
    return {"seconds": seconds, "counted": dict(crowd.counted)}


async def visit(crowd: Crowd) -> Found:
    """Open each talk once, one after the other, and read it whole.

    The first ones only make the server's connections plan their queries again,
    after the table grew; they are not counted.
    """
    seconds = []
    for talk in crowd.talks:
        seconds.append(await crowd.open([talk]))
        crowd.refuse_differences()
        crowd.leave()
        await asyncio.sleep(0.02)
    return percentiles(seconds[UNCOUNTED:])
