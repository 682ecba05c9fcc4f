"""The sealed copy of a row that a knock may bring, opened once for all who hear it.

A copy is as good as the row itself: it was sealed in the commit that wrote the
row, under the talk's key, bound to the talk and the number, and it says whose
talk it was at that moment. One that does not open here (the key is not at
hand, somebody forged it) is no copy: the row is fetched.
"""

from typing import NamedTuple
from uuid import UUID

from chat.conversations import pages
from helpline.live.hub import Knock


class Opened(NamedTuple):
    """A row as the text of its frame: for the visitor, for the counsellor, and whose talk it is."""

    for_visitor: str
    for_counsellor: str
    counsellor_id: int  # 0: nobody's


def opened(knock: Knock, *, talk: str, key_id: UUID | None) -> Opened | None:
    """What the knock's copy says, or None when the row must be fetched."""
    found: Opened | None = knock.opened
    if found is None and key_id is not None:
        found = knock.opened = _open(knock, talk, key_id)
    return found


def _open(knock: Knock, talk: str, key_id: UUID) -> Opened | None:
    found = pages.opened_copy(key_id=key_id, talk=talk, number=knock.number, copy=knock.copy)
    if found is None:
        return None
    fields, counsellor_id = found
    rest = fields[1:]
    return Opened(f'{{"type":"row",{rest}', f'{{"type":"row","talk":"{talk}",{rest}', counsellor_id)
