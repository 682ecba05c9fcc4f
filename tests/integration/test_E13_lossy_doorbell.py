"""E13: doorbells that are lost, doubled and late; both sides still show the same."""

import asyncio
import os
import random

from helpline.live.consumer import in_database
from helpline.live.hub import Hub, Knock
from tests.reader import Reader

MESSAGES = 200 if os.environ.get("SOAK") else 30


def make_lossy(monkeypatch, chance: float = 0.3) -> None:
    """Three in ten knocks are lost, doubled, or come late and out of order."""
    ring = Hub._ring

    def lossy(self: Hub, knock: Knock) -> None:
        dice = random.random()
        if dice < chance / 3:
            return
        if dice < chance * 2 / 3:
            ring(self, knock)
            ring(self, knock)
        elif dice < chance:
            self.loop.call_later(random.random(), ring, self, knock)
        else:
            ring(self, knock)

    monkeypatch.setattr(Hub, "_ring", lossy)


async def test_E13_both_sides_converge_in_the_same_order_without_a_reload(vera, cem, monkeypatch):
    await in_database(vera.waits)()
    await in_database(cem.takes)(vera)
    talk = str((await in_database(lambda: vera.talk)()).pk)
    make_lossy(monkeypatch)

    async with Reader(vera.socket()) as phone, Reader(cem.socket(), talk=talk) as desk:
        for turn in range(MESSAGES):
            await (phone if turn % 2 else desk).says(f"{turn}")
            await asyncio.sleep(0.06)
        both = MESSAGES + 2  # waiting, claimed
        await phone.until(lambda: phone.seen == both and desk.seen == both)

    assert phone.texts == desk.texts
    assert sorted(map(int, phone.texts)) == list(range(MESSAGES))


async def test_E13_without_any_doorbell_the_heartbeat_alone_brings_everything(
    vera, cem, monkeypatch
):
    await in_database(vera.waits)()
    await in_database(cem.takes)(vera)
    monkeypatch.setattr(Hub, "_ring", lambda self, knock: None)
    async with Reader(vera.socket()) as phone:
        await phone.until(lambda: phone.seen == 2)
        await in_database(cem.says)(vera, "hoor je mij")
        await phone.until(lambda: phone.texts == ["hoor je mij"])
    assert phone.state == "claimed"
