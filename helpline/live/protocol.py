"""Frames: what goes over a socket, typed, closed and bounded."""

from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from helpline.errors import Refusal, Unreadable

LONGEST_FRAME = 32 * 1024  # bytes: the longest message in four-byte characters, and room
LONGEST_TEXT = 16_000  # characters: longer than any message, so that the rules may say so

Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT, strict=True)]
Number = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]


F = TypeVar("F")


class Frame(BaseModel):
    """One frame, in or out. Frozen; an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def as_text(self) -> str:
        """The frame as it travels; empty fields stay at home."""
        return self.model_dump_json(exclude_none=True)


class Refused(Frame):
    """What you asked will not be done. `client_id` names the message, if it was one."""

    type: Literal["refused"] = "refused"
    code: str
    sentence: str
    client_id: UUID | None = None
    talk: UUID | None = None


def refused(refusal: Refusal, **about: Any) -> Refused:
    """The frame that tells a refusal."""
    return Refused(code=refusal.code, sentence=str(refusal.sentence), **about)


def parse(hears: TypeAdapter[F], text: str) -> F:
    """The frame in `text`. Raises Unreadable, which never quotes what was sent."""
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_FRAME:
        raise Unreadable
    try:
        return hears.validate_json(text)
    except ValidationError:
        raise Unreadable from None
