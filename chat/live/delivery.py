"""Pull by number: the contract that every road shares, socket or plain HTTP.

Each function answers many at once: a socket asks through `Together`, plain HTTP
asks alone. The right to read is checked again for each of them, in the database,
before a single row leaves. Saying something is in chat.live.saying.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.db import transaction

from chat.conversations import actions, pages, queries
from chat.conversations.models import Conversation
from chat.conversations.pages import PAGE, Head
from chat.conversations.rows import Row
from chat.live.frames import Gone, Outlook, RowFrame, UpToDate, row_frame
from chat.visitors import actions as visitors
from chat.visitors import outlook
from chat.visitors import queries as tickets
from chat.visitors.queries import Visitor
from helpline.errors import NotFound, Refusal
from helpline.live.consumer import Over
from helpline.steps import Steps, done

A = TypeVar("A")
MOST_ROWS = 10_000  # of all talks in one call: what the pages of a group may weigh together
Delivered = RowFrame | UpToDate | Gone | Outlook


class Visit(NamedTuple):
    """The digest of a visitor's cookie, and the talk that their socket was opened for."""

    digest: bytes
    talk: UUID | None = None


class Wanted(NamedTuple):
    """What comes after a number in a visitor's talk. `seen`: the visitor asked, so is there."""

    visit: Visit
    after: int
    seen: bool = False


class WantedAt(NamedTuple):
    """What comes after a number in a counsellor's talk. `opened`: the audit knows already."""

    member_id: int
    talk: UUID
    after: int
    opened: bool = False


class Page(NamedTuple):
    """Frames to send, the last number among them, whether there is more, the talk's key id."""

    frames: list[Delivered]
    last: int
    more: bool = False
    key_id: UUID | None = None

    @property
    def has_rows(self) -> bool:
        """Whether a word or a change of the talk is among the frames."""
        return any(isinstance(frame, RowFrame) for frame in self.frames)

    @property
    def is_gone(self) -> bool:
        """Whether the talk may not be read any more."""
        return any(isinstance(frame, Gone) for frame in self.frames)


def alone(answers: Sequence[A | Refusal]) -> A:
    """The answer of a group of one. Raises it when it is a refusal."""
    (answer,) = answers
    if isinstance(answer, Refusal):
        raise answer
    return answer


# --- who are you ---


def visitors_of(visits: Sequence[Visit]) -> list[Visitor | Refusal]:
    """The visitors whose tickets live and lead to these talks, or Over."""
    return done(present(visits))


def present(visits: Sequence[Visit]) -> Steps[list[Visitor | Refusal]]:
    """The same, for whoever asks more in the same transaction."""
    found = yield from tickets.visitors({visit.digest for visit in visits})
    return [
        visitor
        if (visitor := found.get(visit.digest)) and visit.talk in (None, visitor.talk)
        else Over()
        for visit in visits
    ]


def signs_of_life(visits: Sequence[Visit]) -> list[Visitor | Refusal]:
    """These visitors' sockets are open, so the visitors are there."""
    found = visitors_of(visits)
    _mark_seen(found)
    return found


def _mark_seen(found: Iterable[Visitor | Refusal]) -> None:
    quiet = [each.digest for each in found if isinstance(each, Visitor) and each.was_quiet]
    if quiet:
        visitors.mark_seen(digests=quiet)


# --- read ---


def to_visitors(asked: Sequence[Wanted]) -> list[Page | Refusal]:
    """What these visitors do not have yet, and where things stand."""
    found = visitors_of([each.visit for each in asked])
    both = list(zip(found, asked, strict=True))
    _mark_seen(visitor for visitor, each in both if each.seen)
    heads = pages.heads({each.talk for each in found if isinstance(each, Visitor)})
    wanted = [(heads[v.talk], each.after) for v, each in both if isinstance(v, Visitor)]
    waiting = [head.id for head, _ in wanted if head.state == Conversation.State.WAITING]
    places = outlook.places_of(waiting) if waiting else {}
    read = iter(_pages(wanted))
    return [
        each if isinstance(each, Refusal) else _placed(next(read), places.get(each.talk))
        for each in found
    ]


@transaction.atomic
def to_counsellors(asked: Sequence[WantedAt]) -> list[Page]:
    """What these counsellors do not have yet of talks that are theirs; else Gone.

    Unless a reader opened the talk before, the audit hears of it in the same
    transaction: nothing leaves before that is committed.
    """
    theirs = queries.heads_for({(each.talk, each.member_id) for each in asked})
    wanted = [
        (theirs[each.talk, each.member_id], each.after)
        for each in asked
        if (each.talk, each.member_id) in theirs
    ]
    read = iter(_pages(wanted, named=True))
    answers, openings = [], []
    for each in asked:
        talk = theirs.get((each.talk, each.member_id))
        page = next(read) if talk else _gone(each)
        if talk and page.has_rows and not each.opened:
            openings.append((talk, each.member_id))
        answers.append(page)
    actions.note_openings(openings=openings)
    return answers


def talks_of(member_ids: Sequence[int]) -> list[list[UUID]]:
    """The talks that each of these counsellors may read now, oldest first."""
    found = queries.readable_by_each(set(member_ids))
    return [found.get(member_id, []) for member_id in member_ids]


def _pages(wanted: Sequence[tuple[Head, int]], *, named: bool = False) -> list[Page]:
    limit = max(20, min(PAGE, MOST_ROWS // max(1, len(wanted))))
    return [
        _page(talk, after, rows, limit, talk.id if named else None)
        for (talk, after), rows in zip(wanted, pages.rows_of(wanted, limit=limit), strict=True)
    ]


def _page(talk: Head, after: int, rows: list[Row] | None, limit: int, name: UUID | None) -> Page:
    """One page of a talk; the last one says that there is no more."""
    if rows is None or talk.erased:
        return Page([Gone(talk=name, code="erased")], after)
    frames: list[Delivered] = [row_frame(row, name) for row in rows]
    last = rows[-1].number if rows else after
    if len(rows) >= limit:
        return Page(frames, last, more=True, key_id=talk.key_id)
    there = rows[-1].number if rows else max(after, talk.last_number)
    frames.append(UpToDate(talk=name, last=there, state=talk.state))
    return Page(frames, last, key_id=talk.key_id)


def _placed(page: Page, place: outlook.Place | None) -> Page:
    """The page, with the visitor's place in the line when they wait."""
    if place:
        page.frames.append(Outlook(ahead=place.ahead, low=place.low, high=place.high))
    return page


def _gone(asked: WantedAt) -> Page:
    erased = queries.was_erased(conversation_id=asked.talk, member_id=asked.member_id)
    code = "erased" if erased else NotFound.code
    return Page([Gone(talk=asked.talk, code=code)], asked.after)
