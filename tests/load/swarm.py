"""The load, in a process of its own: one order a line in, one answer a line out.

    {"do": "gather", "name": "stock", "port": 4000, "count": 1500}
    {"do": "open", "name": "stock", "first": 300}

The runner (`bench`) decides what happens when; what a crowd can do is in
`crowd`. A broken run answers {"broken": "why"}.
"""

import asyncio
import gc
import json
import sys
from pathlib import Path
from typing import Any

import uvloop

from tests.load import measures
from tests.load.crowd import Crowd
from tests.load.ends import Broken

SUBSCRIBED = 0.2  # seconds until a yardstick's Redis knows who listens
GONE = 0.3  # seconds until a server has noticed who left
MEASURES: dict[str, Any] = {
    "saturation": measures.saturate,
    "rate": measures.at_rate,
    "storm": measures.storm,
    "visit": measures.visit,
}


class Swarm:
    """The crowds of one bench, by name. Each method is an order."""

    def __init__(self) -> None:
        self.crowds: dict[str, Crowd] = {}

    async def gather(
        self,
        name: str,
        port: int,
        count: int = 0,
        seeds: str = "",
        first: int = 0,
        counsellors: bool = True,
    ) -> dict[str, Any]:
        """Make a crowd: `count` talks at a yardstick, or those that were seeded from `first` on."""
        crowd = self.crowds[name] = Crowd(port)
        if seeds:
            chosen = json.loads(Path(seeds).read_text())[first : first + count]
            crowd.add_clients(chosen, counsellors=counsellors)
        else:
            crowd.add_plain(count)
        gc.collect()
        gc.freeze()
        return {"talks": len(crowd.talks)}

    async def open(self, name: str, first: int = 0, at_once: int = 100) -> dict[str, Any]:
        """Connect the first so many talks, or all."""
        crowd = self.crowds[name]
        took = await crowd.open(crowd.talks[: first or None], at_once=at_once)
        await crowd.pause(SUBSCRIBED)
        return {"seconds": took, **crowd.counted}

    async def measure(self, name: str, what: str, **how: float) -> dict[str, Any]:
        """Do one of `measures`."""
        self.crowds[name].counted.clear()
        return await MEASURES[what](self.crowds[name], **how)

    async def agree(self, name: str) -> dict[str, Any]:
        """Check that every end has every row that was said, each once."""
        await self.crowds[name].agree()
        return {"said": self.crowds[name].said}

    async def reread(self, name: str, count: int) -> dict[str, Any]:
        """Check that a few talks, read from the beginning, say what was said."""
        await self.crowds[name].reread(count)
        return {}

    async def leave(self, name: str) -> dict[str, Any]:
        """Cut all connections at once."""
        self.crowds[name].leave()
        await asyncio.sleep(GONE)
        return {}


async def main() -> None:
    """Follow orders until there are no more."""
    swarm, loop = Swarm(), asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        try:
            answer = await getattr(swarm, order.pop("do"))(**order)
        except Broken as broken:
            answer = {"broken": str(broken)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    gc.disable()
    uvloop.run(main())
