"""How far one reader is in one talk, and which rows may be sent without asking."""

import asyncio
from collections.abc import Callable
from uuid import UUID

from chat.live import copies
from chat.live.copies import Opened
from helpline.live.hub import Knock

MOST_EARLY = 32  # rows that may come while others are fetched; more are fetched too


class Reading:
    """One talk as one socket shows it. `told` is the last number that was sent."""

    __slots__ = ("_early", "key_id", "name", "opened", "pulling", "talk", "told")

    def __init__(self, talk: UUID) -> None:
        self.talk, self.name, self.told = talk, str(talk), 0
        self.key_id: UUID | None = None  # known from the first page
        self.opened = False  # whether the audit knows of this reader
        self.pulling = asyncio.Lock()
        self._early: dict[int, Knock] | None = None

    def has(self, knock: Knock) -> bool:
        """Whether this reader has that row already."""
        return knock.number <= self.told

    def said(self, number: int) -> None:
        """My own message got this number: if it is the next one, its answer is its row."""
        if number == self.told + 1 and not self.pulling.locked():
            self.told = number

    def deliver(self, knock: Knock, send: Callable[[Opened], bool]) -> bool:
        """Send the row that a knock brings, if it is the next; False when it must be fetched.

        While rows are being fetched it waits here for its turn.
        """
        if self.has(knock):
            return True
        if not knock.copy:
            return False
        if self.pulling.locked():
            return self._keep(knock)
        return self._send(knock, send)

    def _keep(self, knock: Knock) -> bool:
        """Keep a row that came early; False when too many wait already."""
        early = self._early = self._early or {}
        if len(early) >= MOST_EARLY and knock.number not in early:
            return False
        early[knock.number] = knock
        return True

    def catch_up(self, send: Callable[[Opened], bool]) -> bool:
        """Send what came early; False when some of it must be fetched after all."""
        early, self._early = self._early or {}, None
        for number in sorted(early):
            if not self.has(early[number]) and not self._send(early[number], send):
                return False
        return True

    def _send(self, knock: Knock, send: Callable[[Opened], bool]) -> bool:
        if knock.number != self.told + 1:
            return False
        row = copies.opened(knock, talk=self.name, key_id=self.key_id)
        if row is None or not send(row):
            return False
        self.told = knock.number
        return True
