"""The two ends of a talk as the load plays them, and what each holds its server to.

An end hears every row once, in order, unchanged, or the whole run is broken.
A `Client` keeps the contract of docs/protocol.md: it resumes when it connects,
when it misses a row and every ten seconds, waits when it is told to slow down,
and comes back by itself. A `Plain` end, of the two yardsticks, has no second
chance: what it does not hear is lost.
"""

import asyncio
import json
import socket
import struct
from typing import TYPE_CHECKING, Any

from tests.load import wire
from tests.load.words import client_id_of, number_in, text_of

if TYPE_CHECKING:
    from tests.load.crowd import Crowd, Talk

PATIENT = frozenset({"slow_down", "busy"})  # refusals that mean: the same again, a little later
PAUSE = 1.0  # seconds before it is tried again
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: a connection that is cut, not closed


class Broken(Exception):
    """A server did not do what it must; no figure of this run is worth anything."""


class Socket(asyncio.Protocol):
    """One WebSocket as a client sees it: bytes in, frames to its end."""

    def __init__(self, end: "End") -> None:
        self.end = end
        self.rest = b""
        self.is_open = self.is_cut = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self.end.hello)

    def data_received(self, data: bytes) -> None:
        data = self.rest + data if self.rest else data
        if not self.is_open:
            head, mark, data = data.partition(b"\r\n\r\n")
            if not mark:
                self.rest = head
                return
            if not head.startswith(b"HTTP/1.1 101"):
                return self.end.crowd.fail(f"the handshake was refused: {head[:60]!r}")
            self.is_open = True
            self.end.opened(self)
        found, self.rest = wire.frames(data)
        for opcode, payload in found:
            if opcode == wire.TEXT:
                self.end.hear(json.loads(payload))
            elif opcode == wire.PING:
                self.transport.write(wire.frame(payload, wire.PONG))
            elif opcode == wire.CLOSE:
                self.end.closing = int.from_bytes(payload[:2])

    def connection_lost(self, error: Exception | None) -> None:
        self.end.lost(self)

    def say(self, text: str) -> None:
        self.transport.write(wire.frame(text.encode()))

    def cut(self) -> None:
        """Be gone at once, without a word."""
        self.is_cut = True
        self.transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE
        )
        self.transport.abort()


class End:
    """One end of one talk: where it connects, and how much of what the visitor said it has."""

    def __init__(self, crowd: "Crowd", talk: "Talk", hello: bytes) -> None:
        self.crowd, self.talk, self.hello = crowd, talk, hello
        self.socket: Socket | None = None
        self.read = 0  # the visitor's messages that came here as rows
        self.got = 0  # those it knows to be stored: rows, and what its server calls sent
        self.closing = 0  # the code a server closed with

    def opened(self, socket: Socket) -> None:
        self.socket, self.closing = socket, 0

    def hear(self, frame: dict[str, Any]) -> None:
        raise NotImplementedError

    def lost(self, socket: Socket) -> None:
        if not socket.is_cut:
            self.socket = None
            self.came_off()

    def came_off(self) -> None:
        self.crowd.fail(f"a server closed a socket ({self.closing or 'without a word'})")

    def leave(self) -> None:
        if self.socket is not None:
            self.socket.cut()
            self.socket = None

    def say(self, number: int) -> None:
        """Send the talk's message of this number; again, if it was sent before."""
        if self.socket is not None:
            self.socket.say(self.as_frame(number))

    def as_frame(self, number: int) -> str:
        index = self.talk.index
        return (
            f'{{"type":"say","client_id":"{client_id_of(index, number)}",'
            f'"text":"{text_of(index, number)}"}}'
        )

    def read_text(self, text: str) -> None:
        """Read one more message of the visitor: the next one, word for word."""
        if text != text_of(self.talk.index, self.read + 1):
            return self.crowd.fail(f"talk {self.talk.index}: {text[:20]!r} after {self.read}")
        self.read += 1
        return self.know(self.read)

    def know(self, number: int) -> None:
        """Learn that the visitor's message of this number is stored; once is enough."""
        if number == self.got + 1:
            self.got = number
            self.talk.arrived(self)
        elif number > self.got:
            self.crowd.fail(f"talk {self.talk.index}: message {number} after {self.got}")


class Plain(End):
    """An end at a yardstick: each message comes once, and then never again."""

    def opened(self, socket: Socket) -> None:
        super().opened(socket)
        self.crowd.is_ready(self)

    def hear(self, frame: dict[str, Any]) -> None:
        self.read_text(frame["text"])


class Client(End):
    """An end at the product, keeping the contract."""

    def __init__(self, crowd: "Crowd", talk: "Talk", hello: bytes) -> None:
        super().__init__(crowd, talk, hello)
        self.seen = 0  # the last row without a gap before it
        self.asked = False  # a resume is on its way
        self.is_back = False  # connected, and not up to date yet

    @property
    def is_visitor(self) -> bool:
        return self is self.talk.visitor

    def opened(self, socket: Socket) -> None:
        super().opened(socket)
        self.is_back = True
        self.resume()

    def came_off(self) -> None:
        if self.closing in (1003, 4401):
            return super().came_off()
        self.crowd.count("reconnected")
        self.crowd.later(PAUSE, lambda: self.crowd.begin(self))

    def resume(self) -> None:
        """Ask for what is not here yet."""
        if self.socket is not None:
            self.asked = True
            what = (
                f'"after":{self.seen}'
                if self.is_visitor
                else f'"talks":{{"{self.talk.id}":{self.seen}}}'
            )
            self.socket.say(f'{{"type":"resume",{what}}}')

    def hear(self, frame: dict[str, Any]) -> None:
        kind = frame["type"]
        if kind == "row":
            self.hear_row(frame)
        elif kind == "sent":
            self.hear_sent(frame)
        elif kind == "up_to_date":
            self.hear_up_to_date()
        elif kind == "refused":
            self.hear_refused(frame)
        elif kind == "gone":
            self.crowd.fail(f"talk {self.talk.index} is gone: {frame['code']}")

    def hear_sent(self, frame: dict[str, Any]) -> None:
        """Hear that my message stands: the answer is its row, unless others come before it."""
        number = number_in(frame["client_id"])
        if frame["number"] == self.seen + 1:
            self.seen = frame["number"]
            self.read_text(text_of(self.talk.index, number))
        else:
            self.know(number)

    def hear_row(self, frame: dict[str, Any]) -> None:
        number = frame["number"]
        if number <= self.seen:
            return self.crowd.count("heard_again")  # harmless, says the contract
        if number > self.seen + 1:
            self.crowd.count("gaps")
            return None if self.asked else self.resume()
        self.seen = number
        if frame["kind"] == "said" and frame["author"] == "visitor":
            self.read_text(frame["text"])
        return None

    def hear_up_to_date(self) -> None:
        self.asked = False
        self.crowd.is_ready(self)
        if self.is_back:
            self.is_back = False
            if self.is_visitor and self.got < self.talk.said:
                self.say(self.talk.said)

    def hear_refused(self, frame: dict[str, Any]) -> None:
        if frame["code"] not in PATIENT:
            return self.crowd.fail(f"refused: {frame['code']}")
        self.crowd.count(frame["code"])
        if "client_id" in frame:
            number = number_in(frame["client_id"])
            return self.crowd.later(PAUSE, lambda: self.say(number))
        return self.crowd.later(PAUSE, self.resume)
