"""The bare limit: the least that stores a message for good and brings it to both ends.

Raw ASGI, one pub/sub connection to Redis for each process with one channel for
each talk, one writer for each process that commits together whatever arrived
during the commit before. No Django, no checks, no sealing, no numbers.
"""

import asyncio
import json
import os
from collections import defaultdict
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

import hiredis
import psycopg

INSERT = """
    INSERT INTO limit_message (talk, client_id, text)
    SELECT * FROM unnest(%b::int[], %b::uuid[], %b::text[])
    RETURNING id
"""


class Redis(asyncio.Protocol):
    """One connection: commands go out together, answers come in as they come."""

    def __init__(self, hear: Any) -> None:
        self.hear = hear
        self.reader = hiredis.Reader()

    @classmethod
    async def connect(cls, hear: Any) -> "Redis":
        url = urlsplit(os.environ["REDIS_URL"])
        loop = asyncio.get_running_loop()
        _, found = await loop.create_unix_connection(lambda: cls(hear), url.path)
        found.tell([(b"AUTH", unquote(url.password or "").encode())])
        return found

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.reader.feed(data)
        while (answer := self.reader.gets()) is not False:
            self.hear(answer)

    def tell(self, commands: list[tuple[bytes, ...]]) -> None:
        self.transport.write(b"".join(hiredis.pack_command(one) for one in commands))


class Hub:
    """Who is here, what is to be stored, and what is to be brought to whom."""

    def __init__(self) -> None:
        self.ears: dict[bytes, list[Any]] = defaultdict(list)
        self.unsaid: list[tuple[bytes, str]] = []
        self.unheard: list[tuple[bytes, bytes]] = []
        self.said, self.heard = asyncio.Event(), asyncio.Event()
        self.ready = asyncio.ensure_future(self._start())

    async def _start(self) -> None:
        self.listening = await Redis.connect(self._hear)
        self.telling = await Redis.connect(lambda answer: None)
        url = os.environ["YARDSTICK_DATABASE_URL"]
        self.database = await psycopg.AsyncConnection.connect(url, autocommit=True)
        self.tasks = [asyncio.ensure_future(self._write()), asyncio.ensure_future(self._deliver())]

    def join(self, talk: bytes, send: Any) -> None:
        if not self.ears[talk]:
            self.listening.tell([(b"SUBSCRIBE", talk)])
        self.ears[talk].append(send)

    def leave(self, talk: bytes, send: Any) -> None:
        self.ears[talk].remove(send)
        if not self.ears[talk]:
            del self.ears[talk]
            self.listening.tell([(b"UNSUBSCRIBE", talk)])

    def say(self, talk: bytes, text: str) -> None:
        self.unsaid.append((talk, text))
        self.said.set()

    def _hear(self, answer: Any) -> None:
        if isinstance(answer, list) and answer[0] == b"message":
            self.unheard.append((answer[1], answer[2]))
            self.heard.set()

    async def _write(self) -> None:
        """Store all that came while the commit before was running, then publish it."""
        cursor = self.database.cursor()
        while True:
            await self.said.wait()
            self.said.clear()
            batch, self.unsaid = self.unsaid, []
            said = [json.loads(text) for _, text in batch]
            values = (
                [int(talk) for talk, _ in batch],
                [one["client_id"] for one in said],
                [one["text"] for one in said],
            )
            await cursor.execute(INSERT, values, prepare=True)
            numbers = [number for (number,) in await cursor.fetchall()]
            self.telling.tell(
                [
                    (b"PUBLISH", talk, as_row(number, one))
                    for (talk, _), number, one in zip(batch, numbers, said, strict=True)
                ]
            )

    async def _deliver(self) -> None:
        while True:
            await self.heard.wait()
            self.heard.clear()
            batch, self.unheard = self.unheard, []
            for talk, row in batch:
                message = {"type": "websocket.send", "text": row.decode()}
                for send in tuple(self.ears.get(talk, ())):
                    await send(message)


def as_row(number: int, said: dict[str, str]) -> bytes:
    """The frame that both ends get."""
    row = {"type": "row", "number": number, "client_id": said["client_id"], "text": said["text"]}
    return json.dumps(row).encode()


@cache
def hub() -> Hub:
    """This process's hub."""
    return Hub()


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Both ends of a talk are sockets at /ws/<talk>/."""
    if scope["type"] != "websocket":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        return await send({"type": "http.response.body", "body": b"here\n"})
    here, talk = hub(), scope["path"].split("/")[2].encode()
    await here.ready
    await receive()
    here.join(talk, send)
    await send({"type": "websocket.accept"})
    try:
        while (message := await receive())["type"] == "websocket.receive":
            here.say(talk, message["text"])
    finally:
        here.leave(talk, send)
