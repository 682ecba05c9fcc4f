"""The desk's end of the board: a board whenever it changed, an alert when it matters."""

import asyncio
from typing import ClassVar

from chat.live.staff import StaffConsumer
from helpline.live.consumer import in_database
from helpline.live.hub import Knock
from helpline.staff.rules import Role
from triage.live import desk
from triage.live.bell import BOARD
from triage.live.frames import Alert, Beat, Board, from_desk

LOOK_EVERY = 3.0  # seconds; a board is never staler than this, whatever knocks were lost


class BoardConsumer(StaffConsumer):
    """One desk that is open somewhere."""

    hears = from_desk
    roles: ClassVar[frozenset[Role]] = frozenset({Role.COUNSELLOR, Role.COORDINATOR})

    async def admit(self) -> None:
        await super().admit()
        self.last: Board | None = None
        self.looking = asyncio.Lock()

    async def channels(self) -> set[str]:
        return {BOARD}

    async def connect(self) -> None:
        await super().connect()
        if self.is_in:
            await self.guarded(self.look())
            self.soon(self._tick())

    async def hear(self, frame: Beat) -> None:
        await self.still_allowed()
        beat = in_database(desk.beat)
        await beat(member_id=self.member_id, session_key=self.session_key, active=frame.active)
        await self.look(always=True)

    async def on_knock(self, knock: Knock) -> None:
        await self.look()

    async def look(self, *, always: bool = False) -> None:
        """Send the board when it changed, or `always`; the right to see it is asked again."""
        async with self.looking:
            await self.still_allowed()
            board: Board = await in_database(desk.board)(member_id=self.member_id)
            for kind in desk.news(self.last, board):
                await self.tell(Alert(kind=kind))
            if always or desk.differ(self.last, board):
                await self.tell(board)
            self.last = board

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.guarded(self.look())
