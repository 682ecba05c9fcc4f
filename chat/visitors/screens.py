"""What the one address shows, by the state of the visit."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chat.conversations import answers, pages, queries
from chat.conversations.models import Conversation
from chat.conversations.rows import Row
from chat.visitors import helplines, outlook, wording
from chat.visitors.middleware import ticket_of
from helpline.clock import now
from helpline.errors import Refusal

State = Conversation.State
Context = dict[str, Any]


def show(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Where the visitor is now; after a refusal with its sentence and what they typed."""
    ticket = ticket_of(request)
    talk = queries.get(ticket.conversation_id) if ticket and ticket.conversation_id else None
    template, context = SCREENS[talk.state if talk else ""](talk)
    kept = request.POST.get("text", "") if refusal else ""
    return render(
        request,
        f"visitor/{template}.html",
        {**context, "talk": talk, "refusal": refusal, "kept": kept},
        status=refusal.status if refusal else 200,
    )


def door(talk: Conversation | None) -> tuple[str, Context]:
    """What happens here, whether we are there, and who is there when we are not."""
    found = outlook.door()
    return "door", {
        "door": found,
        "busy": wording.busy(found),
        "opens": wording.opens(found.opens_at, now()),
        "helplines": helplines.everybody(),
    }


def question(talk: Conversation) -> tuple[str, Context]:
    """The first question without an answer; in danger, 112 stands above it."""
    given = queries.answers(talk.pk)
    names = list(answers.QUESTIONS)
    code = next((name for name in names if not getattr(given, name, "")), None)
    sentence, options = answers.QUESTIONS[code] if code else ("", [])
    return "question", {
        "code": code,
        "sentence": sentence,
        "options": options,
        "number": names.index(code) + 1 if code else len(names),
        "count": len(names),
        "in_danger": getattr(given, "safe_now", "") == "no",
    }


def room(talk: Conversation) -> tuple[str, Context]:
    """The waiting room and the talk are one page, so that a claim reloads nothing."""
    given = queries.answers(talk.pk)
    return "room", {
        "place": wording.place(outlook.place_of(talk.pk)),
        "wording": wording,
        "client_id": uuid4(),
        "longest": settings.LONGEST_MESSAGE,
        "in_danger": getattr(given, "safe_now", "") == "no",
    }


def afterwards(talk: Conversation) -> tuple[str, Context]:
    """Why it ended, and what can be done now."""
    why = "erased" if talk.erased else talk.closed_by
    title, sentence = wording.ENDINGS[why]
    return "afterwards", {
        "title": title,
        "sentence": sentence,
        "helplines": helplines.everybody(),
    }


SCREENS: Mapping[str, Any] = {
    "": door,
    State.ARRIVING: question,
    State.WAITING: room,
    State.CLAIMED: room,
    State.CLOSED: afterwards,
}


def lines(conversation_id: UUID) -> Context:
    """The talk as a list, for the page that cannot listen."""
    talk = queries.get(conversation_id)
    newest = max(0, talk.last_number - pages.PAGE)
    rows = queries.rows(conversation=talk, after=newest)
    place = outlook.place_of(talk.pk) if talk.state == State.WAITING else None
    return {"talk": talk, "lines": with_sentences(rows), "place": wording.place(place)}


def with_sentences(rows: list[Row]) -> list[tuple[Row, str]]:
    """Each row with the sentence of its change; empty where something was said.

    That the wait began, the page around the talk says.
    """
    found, who = [], ""
    for row in rows:
        if row.kind != "waiting":
            found.append((row, "" if row.kind == "said" else wording.change(row, who)))
        who = row.who or who
    return found
