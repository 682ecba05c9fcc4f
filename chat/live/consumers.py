"""The two ends of a talk: frames in, frames out, no decisions."""

import asyncio
from typing import Any, assert_never
from uuid import UUID

from django.http import parse_cookie

from chat.live import bells, delivery
from chat.live.frames import (
    FromCounsellor,
    FromVisitor,
    Mine,
    Resume,
    ResumeAt,
    RowFrame,
    Say,
    SayIn,
    SomebodyTypes,
    Typing,
    TypingIn,
    from_counsellor,
    from_visitor,
)
from chat.live.staff import StaffConsumer
from chat.visitors.middleware import COOKIE
from helpline.errors import SlowDown
from helpline.live.consumer import TypedConsumer, in_database
from helpline.live.hub import MISSED, Hub, Knock

MOST_SOCKETS = 6  # of one visitor in one process: tabs, and what the network left hanging


class VisitorConsumer(TypedConsumer):
    """The visitor's end of one talk."""

    hears = from_visitor

    async def admit(self) -> None:
        headers = dict(self.scope["headers"])
        self.token = parse_cookie(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE, "")
        ticket = await in_database(delivery.ticket_of)(self.token)
        self.conversation_id: UUID = ticket.conversation_id
        here = Hub.here().ears.get(bells.talk_channel(self.conversation_id, side="visitor"), ())
        if len(here) >= MOST_SOCKETS:
            raise SlowDown
        self.language = ticket.language
        self.told = 0
        self.pulling = asyncio.Lock()

    async def channels(self) -> set[str]:
        talk = self.conversation_id
        return {bells.talk_channel(talk), bells.talk_channel(talk, side="visitor")}

    async def hear(self, frame: FromVisitor) -> None:
        match frame:
            case Say():
                await self.tell(
                    await in_database(delivery.from_visitor)(
                        token=self.token, say=frame, talk=self.conversation_id
                    )
                )
            case Resume(after=number):
                await self.pull(number, seen=True)
            case Typing():
                bells.ring_typing(conversation_id=self.conversation_id, by="visitor")
            case _:
                assert_never(frame)

    async def on_knock(self, knock: Knock) -> None:
        if knock.kind == bells.TYPING:
            await self.tell(SomebodyTypes())
        elif knock.kind != bells.ROW or knock.number > self.told:
            await self.pull(self.told)

    async def on_beat(self) -> None:
        # A browser slows the clock of a hidden tab: the open socket speaks for it.
        await in_database(delivery.sign_of_life)(token=self.token, talk=self.conversation_id)

    async def pull(self, after: int, *, seen: bool = False) -> None:
        """Send all rows after `after`; the right to read is checked for each page."""
        async with self.pulling:
            self.told = after
            while True:
                frames = await in_database(delivery.to_visitor)(
                    token=self.token, after=self.told, talk=self.conversation_id, seen=seen
                )
                for frame in frames:
                    await self.tell(frame)
                self.told = last_number(frames, self.told)
                if not is_full(frames):
                    return
                if not self.can_spend():  # a long talk again and again is a flood too
                    raise SlowDown


class TalksConsumer(StaffConsumer):
    """The counsellor's end of all the talks that are theirs."""

    hears = from_counsellor

    async def admit(self) -> None:
        await super().admit()
        self.told: dict[UUID, int] = {}
        self.opened: set[UUID] = set()
        self.pulling = asyncio.Lock()

    async def channels(self) -> set[str]:
        talks = await in_database(delivery.talks_of)(member_id=self.member_id)
        named = {bells.member_channel(self.member_id)}
        for talk in talks:
            named.add(bells.talk_channel(talk))
            named.add(bells.talk_channel(talk, side="counsellor"))
        return named

    async def hear(self, frame: FromCounsellor) -> None:
        await self.still_allowed()
        match frame:
            case SayIn():
                say = in_database(delivery.from_counsellor)
                await self.tell(await say(member_id=self.member_id, say=frame))
            case ResumeAt(talks=talks):
                await self.show_mine()
                for talk, after in talks.items():
                    await self.pull(talk, after)
            case TypingIn(talk=talk):
                if bells.talk_channel(talk) in self.joined:
                    bells.ring_typing(conversation_id=talk, by="counsellor")
            case _:
                assert_never(frame)

    async def on_knock(self, knock: Knock) -> None:
        await self.still_allowed()
        place, _, rest = knock.channel.partition(".")
        if place == "member" or knock.kind == MISSED:
            await self.show_mine()
        if place != "talk":
            return
        talk = UUID(rest.partition(".")[0])
        if knock.kind == bells.TYPING:
            await self.tell(SomebodyTypes(talk=talk))
        elif knock.kind != bells.ROW or knock.number > self.told.get(talk, 0):
            await self.pull(talk, self.told.get(talk, 0))

    async def show_mine(self) -> None:
        """Say which talks are mine now, and listen to exactly those."""
        await self.tune()
        talks = await in_database(delivery.talks_of)(member_id=self.member_id)
        await self.tell(Mine(talks=talks))

    async def pull(self, talk: UUID, after: int) -> None:
        """Send all rows of a talk after `after`, if it is still mine."""
        async with self.pulling:
            while True:
                frames = await in_database(delivery.to_counsellor)(
                    member_id=self.member_id, talk=talk, after=after, opened=talk in self.opened
                )
                for frame in frames:
                    await self.tell(frame)
                if delivery.has_rows(frames):
                    self.opened.add(talk)
                elif delivery.is_gone(frames):
                    self.opened.discard(talk)
                self.told[talk] = after = last_number(frames, after)
                if not is_full(frames):
                    return


def last_number(frames: list[Any], before: int) -> int:
    """The number of the last row among `frames`, or `before` when there is none."""
    return max((frame.number for frame in frames if isinstance(frame, RowFrame)), default=before)


def is_full(frames: list[Any]) -> bool:
    """Whether this page was full, so that there may be more."""
    return sum(isinstance(frame, RowFrame) for frame in frames) >= delivery.PAGE
