"""The web process is killed in the middle of the crowd: what was acknowledged stands, once."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidMessage

from chat.conversations import queries
from chat.conversations.models import Conversation, Message
from helpline.live.consumer import in_database
from helpline.ops import run
from tests.people import VISITOR_ORIGIN, Visitor, host_of
from tests.serving import on_test_database, wait_for

ROUNDS = 20 if os.environ.get("SOAK") else 3
CROWD = 8
AT_ONCE = 10  # messages of one visitor that may be without an answer


class Server:
    """One worker of the product in a process of its own, to be killed."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "web.log"
        self.env = os.environ | {
            "DATABASE_URL": on_test_database("DATABASE_URL", "default"),
            "KEYS_DATABASE_URL": on_test_database("KEYS_DATABASE_URL", "keys"),
            "DJANGO_SETTINGS_MODULE": "helpline.settings",
            "STATIC_ROOT": str(folder / "static"),
            "DATABASE_POOL": "1",
            "PORT": str(settings.PORT),  # other tests may have left another
        }
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
        subprocess.run(collect, env=self.env, check=True)

    def start(self) -> None:
        # With one worker uvicorn serves in the very process that we start.
        command = [one if one != "2" else "1" for one in run.web(settings.PORT)]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(command, env=self.env, stdout=output, stderr=output)
        wait_for(f"http://127.0.0.1:{settings.PORT}/healthz", self.log)

    def kill(self) -> None:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        assert not children.split(), "whoever serves must be whom we kill"
        self.process.kill()
        assert self.process.wait(15) == -signal.SIGKILL


class Talker:
    """A visitor who says one thing after another, and keeps what was acknowledged."""

    def __init__(self, visitor: Visitor) -> None:
        self.cookie, self.talk = visitor.cookie, visitor.talk
        self.said: dict[str, str] = {}  # client id: text
        self.numbers: dict[str, int] = {}  # client id: the number of its `sent`

    def connected(self) -> connect:
        return connect(
            f"ws://{host_of(VISITOR_ORIGIN)}/ws",
            host="127.0.0.1",
            port=settings.PORT,
            origin=VISITOR_ORIGIN,
            additional_headers={"Cookie": self.cookie},
            proxy=None,
        )

    async def talks(self) -> None:
        """Say without pause, until the other end is gone."""
        socket = await self.connected()
        hearing = asyncio.create_task(self.hears(socket))
        try:
            while True:
                client_id = str(uuid4())
                self.said[client_id] = f"{len(self.said)} ik wacht al zo lang"
                await self.says(socket, client_id)
                # Within what a socket may ask: a store of sixty, then twenty a second.
                await asyncio.sleep(0 if len(self.said) < 50 else 0.05)
                while not hearing.done() and len(self.said) - len(self.numbers) > AT_ONCE:
                    await asyncio.sleep(0.001)
        except ConnectionClosed:
            await hearing

    async def says(self, socket: ClientConnection, client_id: str) -> None:
        frame = {"type": "say", "client_id": client_id, "text": self.said[client_id]}
        await socket.send(json.dumps(frame))

    async def hears(self, socket: ClientConnection) -> None:
        """Keep every acknowledgement, until the other end is gone."""
        try:
            async for text in socket:
                frame = json.loads(text)
                assert frame["type"] != "refused", frame
                if frame["type"] == "sent":
                    number = self.numbers.setdefault(frame["client_id"], frame["number"])
                    assert number == frame["number"], "the same message, the same number"
        except ConnectionClosed:
            pass

    async def says_the_rest(self) -> None:
        """Come back, and say everything again that was not acknowledged, and a little more."""
        known = random.sample(sorted(self.numbers), min(5, len(self.numbers)))
        async with self.connected() as socket:
            hearing = asyncio.create_task(self.hears(socket))
            for client_id in [*self.without_answer, *known]:
                await self.says(socket, client_id)
            async with asyncio.timeout(20):
                while self.without_answer:
                    await asyncio.sleep(0.005)
        await hearing

    @property
    def without_answer(self) -> list[str]:
        return [client_id for client_id in self.said if client_id not in self.numbers]


def check(talker: Talker) -> None:
    """What the database holds of this talk is what was acknowledged, and never a gap."""
    talk = Conversation.objects.get(pk=talker.talk.pk)
    rows = queries.rows(conversation=talk, after=0, limit=10_000)
    assert [row.number for row in rows] == list(range(1, talk.last_number + 1))
    assert Message.objects.filter(conversation=talk).count() == len(rows)
    stored = {str(row.client_id): row for row in rows if row.kind == "said"}
    assert len(stored) == sum(row.kind == "said" for row in rows)  # each once
    assert {client_id: stored[client_id].number for client_id in talker.numbers} == talker.numbers
    assert {client_id: row.text for client_id, row in stored.items()} == {
        client_id: talker.said[client_id] for client_id in stored
    }


async def live_through(server: Server, crowd: list[Talker]) -> None:
    """The crowd talks, the server is killed at some moment, comes back, and all say the rest."""
    talking = [asyncio.create_task(talker.talks()) for talker in crowd]
    async with asyncio.timeout(20):
        while not any(talker.numbers for talker in crowd):
            await asyncio.sleep(0.001)
    await asyncio.sleep(random.uniform(0, 0.7))
    server.kill()
    ends = await asyncio.gather(*talking, return_exceptions=True)
    assert all(end is None or isinstance(end, OSError | EOFError | InvalidMessage) for end in ends)
    for talker in crowd:
        await in_database(check)(talker)
    await in_database(server.start)()
    async with asyncio.timeout(40):
        await asyncio.gather(*(talker.says_the_rest() for talker in crowd))


@pytest.mark.timeout(1200 if os.environ.get("SOAK") else 120)
async def test_a_server_that_is_killed_loses_nothing_it_acknowledged_and_doubles_nothing(tmp_path):
    server = await in_database(Server)(tmp_path)
    await in_database(server.start)()
    try:
        for _ in range(ROUNDS):
            visitors = [await in_database(Visitor().waits)() for _ in range(CROWD)]
            crowd = [await in_database(Talker)(visitor) for visitor in visitors]
            await live_through(server, crowd)
            for talker in crowd:
                assert talker.numbers.keys() == talker.said.keys()
                await in_database(check)(talker)
    finally:
        server.process.kill()
        server.process.wait(15)
