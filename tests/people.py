"""The cast. Vera visits, Cem and Cleo counsel, Olu co-ordinates, Pia partners,
Ana analyses, Udo audits, Ada admins. They act as people do: through the doors."""

import asyncio
import json
from types import TracebackType
from typing import Any
from uuid import UUID, uuid4

from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from chat.conversations.models import Conversation
from chat.visitors import queries as tickets
from chat.visitors.middleware import COOKIE
from helpline.asgi import application
from helpline.staff.demo import make_member, sign_in

VISITOR_ORIGIN = settings.VISITOR_ORIGINS[0]
TEAM_ORIGIN = settings.TEAM_ORIGIN
JSON = {"Accept": "application/json"}


def host_of(origin: str) -> str:
    return origin.partition("://")[2]


class Socket:
    """A socket of one person: say frames, hear frames."""

    def __init__(self, path: str, *, origin: str, cookie: str = "", host: str = "") -> None:
        headers = [(b"origin", origin.encode()), (b"host", (host or host_of(origin)).encode())]
        if cookie:
            headers.append((b"cookie", cookie.encode()))
        self.wire = WebsocketCommunicator(application, path, headers=headers)
        self.heard: list[dict[str, Any]] = []
        self.close_code: int | None = None

    async def __aenter__(self) -> "Socket":
        connected, code = await self.wire.connect(timeout=5)
        if not connected:
            raise ConnectionRefusedError(code)
        return self

    async def __aexit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.wire.disconnect()

    async def sends(self, **frame: Any) -> None:
        await self.wire.send_to(text_data=json.dumps(frame, default=str))

    async def resumes(self, after: int = 0) -> None:
        await self.sends(type="resume", after=after)

    async def says(self, text: str, client_id: UUID | None = None, **more: Any) -> UUID:
        client_id = client_id or uuid4()
        await self.sends(type="say", client_id=client_id, text=text, **more)
        return client_id

    async def hears(self, frame_type: str, timeout: float = 5, **like: Any) -> dict[str, Any]:
        """The next frame of this kind with these values; what comes before it is kept."""
        async with asyncio.timeout(timeout):
            while True:
                frame = await self._next(timeout)
                if frame["type"] == frame_type and all(frame.get(k) == v for k, v in like.items()):
                    return frame

    async def hears_nothing(self, seconds: float = 0.3) -> bool:
        return await self.wire.receive_nothing(timeout=seconds)

    async def is_closed(self, timeout: float = 5) -> int:
        """Wait until the server closes; the frames before it are kept in `heard`."""
        async with asyncio.timeout(timeout):
            while True:
                message = await self.wire.receive_output(timeout=timeout)
                if message["type"] == "websocket.close":
                    return int(message.get("code", 0))
                self.heard.append(json.loads(message["text"]))

    async def _next(self, timeout: float) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(await self.wire.receive_from(timeout=timeout))
        self.heard.append(frame)
        return frame

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows heard so far, each once, in the order in which a reader shows them."""
        seen = {frame["number"]: frame for frame in self.heard if frame["type"] == "row"}
        return [seen[number] for number in sorted(seen)]


class Visitor:
    """Somebody with an old phone and no name."""

    def __init__(self) -> None:
        self.client = Client(headers={"host": host_of(VISITOR_ORIGIN)})

    def posts(self, do: str, **fields: Any) -> Any:
        return self.client.post("/", {"do": do, **fields})

    def knocks(self) -> "Visitor":
        """Come in at the door."""
        assert self.posts("enter").status_code == 303
        return self

    def waits(self) -> "Visitor":
        """Come in, skip the questions, and stand in the line."""
        self.knocks()
        assert self.posts("skip_all").status_code == 303
        return self

    @property
    def token(self) -> str:
        cookie = self.client.cookies.get(COOKIE)
        return cookie.value if cookie else ""

    @property
    def cookie(self) -> str:
        return f"{COOKIE}={self.token}"

    @property
    def talk(self) -> Conversation:
        ticket = tickets.find(self.token)
        assert ticket is not None and ticket.conversation is not None
        return Conversation.objects.get(pk=ticket.conversation_id)

    def says(self, text: str, client_id: UUID | None = None) -> dict[str, Any]:
        """Say it by plain HTTP; the answer is the one frame that came back."""
        frame = {"type": "say", "client_id": str(client_id or uuid4()), "text": text}
        answer = self.client.post(
            "/rows", json.dumps(frame), content_type="application/json", headers=JSON
        )
        return answer.json()["frames"][0]

    def reads(self, after: int = 0) -> list[dict[str, Any]]:
        """All rows after a number, by plain HTTP, page by page."""
        rows: list[dict[str, Any]] = []
        while True:
            answer = self.client.get(f"/rows?after={after}", headers=JSON)
            page = [f for f in answer.json().get("frames", []) if f["type"] == "row"]
            if not page:
                return rows
            rows += page
            after = page[-1]["number"]

    def leaves(self) -> Any:
        return self.posts("leave")

    def socket(self, **more: Any) -> Socket:
        return Socket("/ws", **{"origin": VISITOR_ORIGIN, "cookie": self.cookie, **more})


class Member:
    """Somebody of the team, signed in with both factors."""

    def __init__(self, name: str, roles: list[str]) -> None:
        self.member = make_member(name, roles)
        self.client = Client(headers={"host": host_of(TEAM_ORIGIN)})
        sign_in(self.client, self.member)

    @property
    def id(self) -> int:
        return int(self.member.pk)

    @property
    def cookie(self) -> str:
        name = settings.SESSION_COOKIE_NAME
        return f"{name}={self.client.cookies[name].value}"

    def posts(self, path: str, **fields: Any) -> Any:
        return self.client.post(path, fields, headers=JSON)

    def socket(self, path: str = "/ws/talks", **more: Any) -> Socket:
        return Socket(path, **{"origin": TEAM_ORIGIN, "cookie": self.cookie, **more})


class Counsellor(Member):
    """Somebody on shift."""

    def __init__(self, name: str) -> None:
        super().__init__(name, ["counsellor"])
        self.is_here()

    def is_here(self) -> None:
        answer = self.posts("/desk/presence", state="here")
        assert answer.status_code in (200, 303), answer.content

    def claims(self, visitor: Visitor) -> Any:
        return self.posts("/desk/claim", talk=str(visitor.talk.pk))

    def takes(self, visitor: Visitor) -> "Counsellor":
        """Claim and be sure of it."""
        answer = self.claims(visitor)
        assert answer.status_code in (200, 303), answer.content
        return self

    def says(self, visitor: Visitor, text: str, client_id: UUID | None = None) -> dict[str, Any]:
        frame = {
            "type": "say",
            "talk": str(visitor.talk.pk),
            "client_id": str(client_id or uuid4()),
            "text": text,
        }
        answer = self.client.post(
            "/desk/rows", json.dumps(frame), content_type="application/json", headers=JSON
        )
        return answer.json()["frames"][0]

    def reads(self, talk: UUID, after: int = 0) -> list[dict[str, Any]]:
        answer = self.client.get(f"/desk/rows?talk={talk}&after={after}", headers=JSON)
        return answer.json().get("frames", [])
