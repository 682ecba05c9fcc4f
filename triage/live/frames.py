"""The frames of the board."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import TypeAdapter

from helpline.live.protocol import Frame


# --- from the desk ---
class Beat(Frame):
    """This desk is alive; `active` when somebody touched it since the last beat."""

    type: Literal["beat"]
    active: bool = False


from_desk = TypeAdapter(Beat)


# --- to the desk ---
class About(Frame):
    """What a counsellor sees of a visitor before any word: codes in words."""

    talk: UUID
    level: str
    level_word: str
    reasons: list[str]
    topic: str
    age_band: str
    language: str
    waiting_since: datetime
    present: bool


class Entry(About):
    """Somebody in the line, next first; `rule` put them here, `reason_order` says so."""

    returned: bool
    rule: str
    reason_order: str


class Held(About):
    """A talk that is mine to read now; `offered_to` when I asked a colleague to take over."""

    state: str
    claimed_at: datetime | None = None
    offered_to: str = ""


class Offer(About):
    """A colleague asks me to take over."""

    who: str


class Colleague(Frame):
    """Somebody else on duty, with room or without."""

    member: int
    name: str
    talks: int
    most: int


class Me(Frame):
    """How I stand: my presence, and whether I may talk and move the door."""

    presence: str
    most: int
    counsels: bool
    coordinates: bool


class DoorNow(Frame):
    """The door: open, closed by the hours, or closed by hand."""

    state: Literal["open", "closed", "by_hand"]
    opens_at: datetime | None = None


class Board(Frame):
    """Everything beside the talks themselves, as it is `at` this moment."""

    type: Literal["board"] = "board"
    at: datetime
    entries: list[Entry]
    waiting: int
    away: int
    mine: list[Held]
    offers: list[Offer]
    colleagues: list[Colleague]
    on_duty: int
    me: Me
    door: DoorNow


class Alert(Frame):
    """Somebody new needs attention: `arrived` in the line, or `offered` to me. Nothing more."""

    type: Literal["alert"] = "alert"
    kind: Literal["arrived", "offered"]
