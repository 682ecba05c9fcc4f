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


async def test_E34_what_is_rung_while_people_talk_holds_no_word_and_no_name(vera, cem):
    await in_database(vera.waits)()
    await in_database(cem.takes)(vera)
    talk = str((await in_database(lambda: vera.talk)()).pk)
    with redis.from_url(settings.REDIS_URL) as store, store.pubsub() as listening:
        listening.psubscribe("*")
        before = set(store.keys("*"))
        async with Reader(vera.socket()) as phone, Reader(cem.socket(), talk=talk) as desk:
            await phone.says("kanariewoord van vera")
            await desk.says("kanariewoord van cem")
            await phone.until(lambda: len(phone.texts) == len(desk.texts) == 2)
        heard = []
        while message := listening.get_message(timeout=0.5):
            heard += [message["data"]] if message["type"] == "pmessage" else []
        assert set(store.keys("*")) == before
    assert sum(b" row:" in data and len(data) > 256 for data in heard) == 2  # the sealed copies
    for clear in (b"kanarie", b"vera", b"visitor", b"counsellor", cem.member.alias.encode()):
        assert not [data for data in heard if clear in data and b"visitortypes" not in data]
