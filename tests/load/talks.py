"""One talk as the load plays it: who waits for what, and when the next message is due."""

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.load.crowd import Crowd
    from tests.load.ends import End


@dataclass
class Talk:
    """One visitor, one counsellor, one message on its way at a time."""

    crowd: "Crowd"
    index: int
    id: str = ""
    said: int = 0
    since: float = 0.0
    visitor: "End" = None  # type: ignore[assignment]
    counsellor: "End | None" = None

    def __post_init__(self) -> None:
        self.waiting: deque[float] = deque()  # messages that are due, and since when

    @property
    def is_quiet(self) -> bool:
        """Whether everything said is at both ends."""
        there = self.counsellor
        return self.visitor.got == self.said and (there is None or there.got == self.said)

    @property
    def ends(self) -> "tuple[End, ...]":
        return (self.visitor, self.counsellor) if self.counsellor else (self.visitor,)

    def say(self, since: float) -> None:
        """Send the next message now; it counts from `since`."""
        self.said += 1
        self.since = since
        self.visitor.say(self.said)

    def say_when_quiet(self, now: float) -> None:
        """Send the next message, or keep it until the one before is delivered."""
        if self.is_quiet:
            self.say(now)
        else:
            self.waiting.append(now)

    def arrived(self, end: "End") -> None:
        """One end has the message: the counsellor's is timed, both make it delivered."""
        if end is self.counsellor:
            self.crowd.latencies.append(time.perf_counter() - self.since)
        if self.is_quiet:
            self.crowd.delivered += 1
            if self.waiting:
                self.say(self.waiting.popleft())
            else:
                self.press()

    def press(self) -> None:
        """Speak again at once while the crowd presses, but not sooner than it may."""
        if not self.crowd.is_pressing or not self.is_quiet:
            return
        now = time.perf_counter()
        early = self.since + self.crowd.pace - now
        if early > 0:
            self.crowd.later(early, self.press)
        else:
            self.say(now)
