"""The frames of a talk: a closed union for each direction."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter

from chat.conversations.rows import Row
from helpline.live.protocol import Frame, Number, Refused, Text


# --- from the visitor ---
class Say(Frame):
    """Post this text. The same `client_id` again is the same message."""

    type: Literal["say"] = "say"
    client_id: UUID
    text: Text


class Resume(Frame):
    """I have seen up to `after`; give me the rest. Also my sign of life."""

    type: Literal["resume"] = "resume"
    after: Number


class Typing(Frame):
    """Somebody is writing; never what."""

    type: Literal["typing"] = "typing"


FromVisitor = Annotated[Say | Resume | Typing, Field(discriminator="type")]
from_visitor: TypeAdapter[FromVisitor] = TypeAdapter(FromVisitor)


# --- from the counsellor: the same, with the talk it is about ---
class SayIn(Say):
    talk: UUID


class ResumeAt(Frame):
    """What I have seen of each of my talks; give me the rest of all of them."""

    type: Literal["resume"] = "resume"
    talks: Annotated[dict[UUID, Number], Field(max_length=20)]


class TypingIn(Typing):
    talk: UUID


FromCounsellor = Annotated[SayIn | ResumeAt | TypingIn, Field(discriminator="type")]
from_counsellor: TypeAdapter[FromCounsellor] = TypeAdapter(FromCounsellor)


# --- to both ---
class RowFrame(Frame):
    """One row of the talk. `talk` only to the counsellor, who has several."""

    type: Literal["row"] = "row"
    talk: UUID | None = None
    number: int
    kind: str
    author: str
    who: str
    at: datetime
    text: str
    detail: str
    client_id: UUID | None = None


class Sent(Frame):
    """Your message stands at `number`, after the commit."""

    type: Literal["sent"] = "sent"
    talk: UUID | None = None
    client_id: UUID
    number: int
    at: datetime


class SomebodyTypes(Frame):
    type: Literal["typing"] = "typing"
    talk: UUID | None = None


class UpToDate(Frame):
    """You have all there is: `last` is the number of the last row."""

    type: Literal["up_to_date"] = "up_to_date"
    talk: UUID | None = None
    last: int
    state: str


class Gone(Frame):
    """This talk is no longer yours to read: clear it from the screen."""

    type: Literal["gone"] = "gone"
    talk: UUID | None = None
    code: str


# --- to the visitor only ---
class Outlook(Frame):
    """While waiting: how many are ahead, and a range of minutes when known."""

    type: Literal["outlook"] = "outlook"
    ahead: int
    low: int | None = None
    high: int | None = None


# --- to the counsellor only ---
class Mine(Frame):
    """The talks that are mine now; open what is new, clear what is gone."""

    type: Literal["mine"] = "mine"
    talks: list[UUID]


ToAnybody = RowFrame | Sent | SomebodyTypes | UpToDate | Gone | Outlook | Mine | Refused


def row_frame(row: Row, talk: UUID | None = None) -> RowFrame:
    """A row as it travels. The other side's `client_id` means nothing here."""
    return RowFrame(
        talk=talk,
        number=row.number,
        kind=row.kind,
        author=row.author,
        who=row.who,
        at=row.at,
        text=row.text,
        detail=row.detail,
        client_id=row.client_id,
    )
