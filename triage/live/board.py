"""Compose the board of one member from the line, the shift and the talks."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils import translation

from chat.conversations import queries as talks
from chat.conversations.models import Conversation
from helpline.clock import now
from helpline.staff import rules
from helpline.staff.models import Member
from triage.line import queries as line
from triage.line.order import Placed
from triage.line.words import WHY
from triage.live import words
from triage.live.frames import Board, Colleague, DoorNow, Entry, Held, Me, Offer
from triage.risk.words import LEVELS
from triage.risk.words import reason as reason_word
from triage.shifts import queries as shifts

State = Conversation.State


def board_of(member: Member) -> Board:
    """What `member` sees now, in their language."""
    with translation.override(member.language):
        placed = line.line()
        return Board(
            at=now(),
            entries=[_entry(one, place.conversation) for one, place in placed],
            waiting=len(placed),
            away=line.places().exclude(line.present()).count(),
            mine=list(_mine(member)),
            offers=list(_offers(member)),
            colleagues=list(_colleagues(member)),
            on_duty=shifts.on_duty().count(),
            me=_me(member),
            door=_door(),
        )


def about(talk: Conversation) -> dict[str, Any]:
    """What may be known of a talk before a word of it is read."""
    assessment, answers = getattr(talk, "assessment", None), getattr(talk, "answers", None)
    level = line.level_of(talk)
    return {
        "talk": talk.pk,
        "level": level.value,
        "level_word": str(LEVELS[level]),
        "reasons": [reason_word(code) for code in assessment.reasons] if assessment else [],
        "topic": words.topic(answers.topic) if answers else "",
        "age_band": words.age(answers.age_band) if answers else "",
        "language": talk.language,
        "waiting_since": talk.waiting_since or talk.opened_at,
        "present": talk.visitor_seen_at >= now() - settings.VISITOR_GONE_AFTER,
    }


def _entry(placed: Placed, talk: Conversation) -> Entry:
    return Entry(
        **about(talk),
        returned=placed.waiting.returned,
        rule=placed.why,
        reason_order=str(WHY[placed.why]),
    )


def _mine(member: Member) -> Iterator[Held]:
    mine = talks.readable_by(member.pk).select_related("assessment", "answers", "offered_to")
    for talk in mine.order_by("claimed_at", "pk"):
        asked = talk.offered_to.alias if talk.offered_to else ""
        yield Held(**about(talk), state=talk.state, claimed_at=talk.claimed_at, offered_to=asked)


def _offers(member: Member) -> Iterator[Offer]:
    offered = Conversation.objects.filter(state=State.CLAIMED, offered_to=member)
    for talk in offered.select_related("assessment", "answers", "counsellor").order_by("pk"):
        yield Offer(**about(talk), who=talk.counsellor.alias if talk.counsellor else "")


def _colleagues(member: Member) -> Iterator[Colleague]:
    held = Count("member__talks", filter=Q(member__talks__state=State.CLAIMED))
    others = shifts.on_duty().exclude(member=member).select_related("member")
    for presence in others.annotate(held=held).order_by("member__alias", "pk"):
        yield Colleague(
            member=presence.pk,
            name=presence.member.alias,
            talks=presence.held,
            most=settings.TALKS_AT_ONCE,
        )


def _me(member: Member) -> Me:
    return Me(
        presence=shifts.presence_of(member.pk),
        most=settings.TALKS_AT_ONCE,
        counsels=rules.may_counsel(member),
        coordinates=rules.may_coordinate(member),
    )


def _door() -> DoorNow:
    if shifts.closed_by_hand():
        return DoorNow(state="by_hand")
    if shifts.is_open():
        return DoorNow(state="open")
    return DoorNow(state="closed", opens_at=shifts.next_opening())
