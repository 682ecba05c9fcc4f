"""The desk's verbs that touch more than one house: they compose, others write."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from chat.conversations import queries as talks
from chat.conversations.answers import QUESTIONS
from chat.conversations.models import Conversation
from chat.conversations.trail import note
from helpline.audit.models import Verb
from triage.line import actions as line
from triage.shifts import actions as shifts
from triage.shifts.models import Presence


@dataclass(frozen=True)
class Said:
    """One question and what the visitor answered, in the visitor's words of choice."""

    question: str
    answer: str


@dataclass(frozen=True)
class Noted:
    """One note beside a talk."""

    at: datetime
    who: str
    text: str


@dataclass(frozen=True)
class Opened:
    """What lies beside a talk: the answers given before it, and the notes."""

    answers: list[Said]
    notes: list[Noted]


@transaction.atomic
def open_talk(*, member_id: int, conversation_id: UUID) -> Opened:
    """What lies beside my talk. Raises NotFound when it is not mine; notes read are audited."""
    talk = talks.for_counsellor(conversation_id=conversation_id, member_id=member_id)
    notes = [Noted(one.at, one.member.alias, text) for one, text in talks.notes(conversation=talk)]
    if notes:
        note(Verb.READ_NOTE, talk, member_id=member_id)
    return Opened(answers=answers_of(talk), notes=notes)


def answers_of(talk: Conversation) -> list[Said]:
    """The answers that were given, in the order of the questions; nothing when they are gone."""
    given = talks.answers(talk.pk)
    if given is None:
        return []
    codes = {name: getattr(given, name) for name in QUESTIONS}
    return [
        Said(str(question), str(dict(choices)[codes[name]]))
        for name, (question, choices) in QUESTIONS.items()
        if codes[name]
    ]


def set_presence(*, member_id: int, state: str) -> None:
    """Say where I am; who goes off gives the talks they hold back to the line at once."""
    shifts.set_presence(member_id=member_id, state=state)
    if state == Presence.State.OFF:
        line.return_talks_of(member_id=member_id)
