"""The two ends of a talk: frames in, frames out, no decisions.

What these sockets ask the database they ask together with all others of this
process (`Together`). A row that comes with a knock is sent at once when it is
the next one for this reader and the right to read was asked a moment ago; in
every other case the reader pulls by number.
"""

from functools import partial
from typing import Any, assert_never
from uuid import UUID

from django.http import parse_cookie

from chat.live import bells, delivery, saying
from chat.live.copies import Opened
from chat.live.delivery import Visit, Wanted, WantedAt
from chat.live.frames import (
    FromCounsellor,
    FromVisitor,
    Mine,
    Resume,
    ResumeAt,
    Say,
    SayIn,
    Sent,
    SomebodyTypes,
    Typing,
    TypingIn,
    from_counsellor,
    from_visitor,
)
from chat.live.reading import Reading
from chat.live.saying import Said, SaidAt
from chat.live.staff import StaffConsumer
from chat.visitors.middleware import COOKIE
from chat.visitors.queries import digest_of
from helpline.errors import SlowDown
from helpline.live.consumer import TypedConsumer
from helpline.live.hub import MISSED, Hub, Knock
from helpline.live.together import Together
from helpline.live.writer import Writer

MOST_SOCKETS = 6  # of one visitor in one process: tabs, and what the network left hanging
TYPED = SomebodyTypes().as_text()


def writer() -> Together[Said | SaidAt, Sent]:
    """The one that commits what is said in this process."""
    return Writer.here(saying.posted, order=saying.talk_of)


class VisitorConsumer(TypedConsumer):
    """The visitor's end of one talk."""

    hears = from_visitor
    asks = delivery.signs_of_life
    sure_for = 20.0  # long: whoever left has closed the talk, so nothing comes any more

    async def admit(self) -> None:
        headers = dict(self.scope["headers"])
        token = parse_cookie(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE, "")
        visitor = await Together.here(delivery.visitors_of).ask(Visit(digest_of(token)))
        self.visit = Visit(visitor.digest, visitor.talk)
        self.reading = Reading(visitor.talk)
        self.channel = bells.talk_channel(visitor.talk)
        ears = Hub.here().ears.get(self.channel, ())
        if sum(isinstance(ear, VisitorConsumer) for ear in ears) >= MOST_SOCKETS:
            raise SlowDown
        self.language = visitor.language
        self.sure()

    async def channels(self) -> set[str]:
        return {self.channel}

    async def hear(self, frame: FromVisitor) -> None:
        match frame:
            case Say():
                writer().tell(Said(self.visit, frame), partial(self.tell_answer, frame))
            case Resume(after=number):
                await self.pull(number, seen=True)
            case Typing():
                bells.ring_typing(conversation_id=self.reading.talk, by="visitor")
            case _:
                assert_never(frame)

    def tell_answer(self, about: Any, answer: Any) -> None:
        if isinstance(answer, Sent):
            self.reading.said(answer.number)
        super().tell_answer(about, answer)

    def deliver(self, knock: Knock) -> bool:
        if knock.kind in bells.TYPES.values():
            if knock.kind != bells.TYPES["visitor"]:
                self.tell_now(TYPED)
            return True
        return knock.kind == bells.ROW and self.reading.deliver(knock, self.send_row)

    def send_row(self, row: Opened) -> bool:
        """Send a row at once, if the right to read is sure; False when it must be fetched."""
        return self.is_sure and self.outbox.put(row.for_visitor)

    async def on_knock(self, knock: Knock) -> None:
        if knock.kind != bells.ROW or not self.reading.has(knock):
            await self.pull()

    def beat(self) -> Visit:
        # A browser slows the clock of a hidden tab: the open socket speaks for it.
        return self.visit

    async def pull(self, after: int | None = None, *, seen: bool = False) -> None:
        """Send all rows after `after`; the right to read is checked for each page."""
        reading, more = self.reading, True
        async with reading.pulling:
            if after is not None:
                reading.told = after
            while more:
                wanted = Wanted(self.visit, reading.told, seen)
                page = await Together.here(delivery.to_visitors).ask(wanted)
                for frame in page.frames:
                    await self.tell(frame)
                reading.told, reading.key_id = page.last, page.key_id
                self.sure()
                more = page.more or not reading.catch_up(self.send_row)
                if page.more and not self.can_spend():  # a long talk again and again is a flood too
                    raise SlowDown


class TalksConsumer(StaffConsumer):
    """The counsellor's end of all the talks that are theirs."""

    hears = from_counsellor

    async def admit(self) -> None:
        await super().admit()
        self.readings: dict[str, Reading] = {}  # by channel

    async def channels(self) -> set[str]:
        self.mine: list[UUID] = await Together.here(delivery.talks_of).ask(self.member_id)
        named = {bells.talk_channel(talk): talk for talk in self.mine}
        self.readings = {
            channel: self.readings.get(channel) or Reading(talk) for channel, talk in named.items()
        }
        return {bells.member_channel(self.member_id), *named}

    async def hear(self, frame: FromCounsellor) -> None:
        match frame:
            case SayIn():
                said = SaidAt(self.session_key, frame)
                writer().tell(said, partial(self.tell_answer, frame))
            case ResumeAt(talks=talks):
                await self.still_allowed()
                await self.show_mine()
                for talk, after in talks.items():
                    await self.pull(talk, after)
            case TypingIn(talk=talk):
                await self.still_allowed()
                if bells.talk_channel(talk) in self.joined:
                    bells.ring_typing(conversation_id=talk, by="counsellor")
            case _:
                assert_never(frame)

    def tell_answer(self, about: Any, answer: Any) -> None:
        reading = self.readings.get(bells.talk_channel(about.talk))
        if reading is not None and isinstance(answer, Sent):
            reading.said(answer.number)
        super().tell_answer(about, answer)

    def deliver(self, knock: Knock) -> bool:
        reading = self.readings.get(knock.channel)
        if reading is None or not self.is_sure:
            return False
        if knock.kind in bells.TYPES.values():
            if knock.kind != bells.TYPES["counsellor"]:
                self.tell_now(SomebodyTypes(talk=reading.talk).as_text())
            return True
        if knock.kind != bells.ROW or not reading.opened:
            return False
        return reading.deliver(knock, self.send_row)

    def send_row(self, row: Opened) -> bool:
        """Send a row at once, if it is of a talk that is surely mine; else it must be fetched."""
        mine = self.is_sure and row.counsellor_id == self.member_id
        return mine and self.outbox.put(row.for_counsellor)

    async def on_knock(self, knock: Knock) -> None:
        await self.still_allowed()
        if knock.channel == bells.member_channel(self.member_id) or knock.kind == MISSED:
            await self.show_mine()
        reading = self.readings.get(knock.channel)
        if reading is None or (knock.kind == bells.ROW and reading.has(knock)):
            return
        await self.pull(reading.talk)

    async def show_mine(self) -> None:
        """Say which talks are mine now, and listen to exactly those."""
        await self.tune()
        await self.tell(Mine(talks=self.mine))

    async def pull(self, talk: UUID, after: int | None = None) -> None:
        """Send all rows of a talk after `after`, if it is still mine."""
        reading, more = self.readings.get(bells.talk_channel(talk)) or Reading(talk), True
        async with reading.pulling:
            if after is not None:
                reading.told = after
            while more:
                wanted = WantedAt(self.member_id, talk, reading.told, reading.opened)
                page = await Together.here(delivery.to_counsellors, most=100).ask(wanted)
                for frame in page.frames:
                    await self.tell(frame)
                reading.opened = (reading.opened or page.has_rows) and not page.is_gone
                reading.told, reading.key_id = page.last, page.key_id
                more = page.more or not reading.catch_up(self.send_row)
