"""One base error for the whole house; the edges translate it."""

from collections.abc import Mapping
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """Something was asked that will not be done, said in a code and a sentence.

    `code` is for programs and never changes; `sentence` is for people, in
    their language; `status` is what HTTP answers. A refusal says nothing about
    a person: it may be logged, shown and counted as it is.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    sentence: ClassVar[str | Promise] = _("Dit kan niet.")

    def __str__(self) -> str:
        return self.code

    def as_json(self) -> Mapping[str, str]:
        """What a program gets to hear: code and sentence."""
        return {"code": self.code, "sentence": str(self.sentence)}


class NotFound(Refusal):
    """It is not there, or not yours: the two look the same from outside."""

    code = "not_found"
    status = 404
    sentence = _("Dit is er niet, of het is niet van jou.")


class SlowDown(Refusal):
    """Too much in too short a time; nothing was lost, try again in a moment."""

    code = "slow_down"
    status = 429
    sentence = _("Dat ging even te snel. Wat je schreef is bewaard. Probeer het zo opnieuw.")


class Unreadable(Refusal):
    """The frame or form does not have the shape that was agreed."""

    code = "unreadable"
    status = 400
    sentence = _("Dit bericht kwam niet goed aan. Probeer het opnieuw.")


class Later(Refusal):
    """It cannot be looked at without waiting for somebody else: ask again in a moment."""

    code = "later"
    status = 503


class Busy(Refusal):
    """More is asked than can be done now. Nothing is lost: whoever asked still has it."""

    code = "busy"
    status = 503
    sentence = _("Het is heel druk. Wat je schreef is bewaard. We proberen het zo opnieuw.")
