"""E34: whoever can write in Redis can ring, and that is all."""

import pytest
import redis
from django.conf import settings

from helpline.live.consumer import in_database
from helpline.live.hub import PREFIX, Knock
from tests.reader import Reader

FORGED = [
    b"row:\xc2\xb2",  # a number to isdigit(), not to int()
    b"row:" + b"9" * 5000,
    b"\xff\xfe",
    b"row:-1",
    b"",
    b":",
    b"row",
    b"row:7:7",
    b"ROW:7",
    b"x" * 100_000,
    b"erased:1",
    b"talks:1",
    b"missed:0",
    b"row:999999",
]


async def test_E34_a_forged_doorbell_is_one_harmless_pull(vera, cem):
    await in_database(vera.waits)()
    await in_database(cem.takes)(vera)
    talk = str((await in_database(lambda: vera.talk)()).pk)
    async with Reader(vera.socket(), beat=3600) as phone:
        await phone.until(lambda: phone.seen == 2)
        with redis.from_url(settings.REDIS_URL) as store:
            for forged in FORGED:
                store.publish(f"{PREFIX}talk.{talk}", forged)
                store.publish(PREFIX, forged)
        await in_database(cem.says)(vera, "nog steeds te horen")
        await phone.until(lambda: phone.texts == ["nog steeds te horen"], 5)
    assert phone.seen == 3


@pytest.mark.parametrize("forged", FORGED[:10])
def test_E34_what_is_no_knock_is_not_taken_for_one(forged):
    assert Knock.unpacked("talk.x", forged.decode("utf-8", "replace")) is None
