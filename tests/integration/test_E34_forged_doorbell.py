"""E34: whoever can write in Redis can ring, and that is all."""

import pytest
import redis
from django.conf import settings

from helpline.live.consumer import in_database
from helpline.live.hub import PREFIX, Knock
from tests.reader import Reader

NONSENSE = [
    b"deadbeef row:\xc2\xb2",  # a number to isdigit(), not to int()
    b"deadbeef row:" + b"9" * 5000,
    b"\xff\xfe",
    b"deadbeef row:-1",
    b"",
    b":",
    b"row:7",
    b"deadbeef row:7:7",
    b"deadbeef ROW:7",
    b"deadbeef row:7\n",
    b"deadbeef row:7\n" + b"x" * 200_000,
    b"x" * 100_000,
]
FORGED = [
    *NONSENSE,
    b"deadbeef erased:1",
    b"deadbeef talks:1",
    b"deadbeef missed:0",
    b"deadbeef row:999999",
    b"deadbeef row:3\n" + b"\x01" + b"y" * 284,  # a copy of the next row, not by us
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


@pytest.mark.parametrize("forged", NONSENSE)
def test_E34_what_is_no_knock_is_not_taken_for_one(forged):
    assert Knock.unpacked("talk.x", forged) is None
