"""The visitor's one address, its verbs, and the small things beside it."""

from collections.abc import Callable
from typing import cast
from uuid import UUID, uuid5

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from chat.conversations import actions as conversations
from chat.conversations import answers, queries
from chat.conversations.models import Conversation, Message
from chat.visitors import actions, outlook, screens
from chat.visitors.middleware import give, take_back, ticket_of
from chat.visitors.models import Ticket
from chat.visitors.refusals import DoorClosed, TicketGone, UnknownVerb
from helpline.errors import Refusal, Unreadable
from helpline.pages import tell, wants_json


@require_http_methods(["GET", "HEAD", "POST"])
def here(request: HttpRequest) -> HttpResponseBase:
    """The one address of a visit: show where the visitor is, or do what they ask."""
    if ticket := ticket_of(request):
        actions.mark_seen(digests=[bytes(ticket.digest)])
    if request.method != "POST":
        return screens.show(request)
    try:
        return VERBS.get(request.POST.get("do", ""), unknown)(request)
    except Refusal as refusal:
        return tell(request, refusal) if wants_json(request) else screens.show(request, refusal)


def enter(request: HttpRequest) -> HttpResponse:
    """Open a talk for whoever is at the door. We ask for nothing."""
    if not outlook.door().open:
        raise DoorClosed
    response = onwards()
    actions.enter(ticket=_ticket_or_new(request, response))
    return response


def speak(request: HttpRequest) -> HttpResponse:
    """Go on in another language."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Unreadable
    response = onwards()
    actions.set_language(ticket=_ticket_or_new(request, response), language=language)
    return response


def answer(request: HttpRequest) -> HttpResponse:
    """Keep one answer; after the last question the visitor stands in the line."""
    talk_id = _talk_id(request)
    question, code = request.POST.get("question", ""), request.POST.get("code", "")
    conversations.answer(conversation_id=talk_id, question=question, code=code)
    given = queries.answers(talk_id)
    if all(getattr(given, name, "") for name in answers.QUESTIONS):
        conversations.start_waiting(conversation_id=talk_id)
    return onwards()


def skip_all(request: HttpRequest) -> HttpResponse:
    """No more questions: into the line."""
    conversations.start_waiting(conversation_id=_talk_id(request))
    return onwards()


def say(request: HttpRequest) -> HttpResponse:
    """Post what was typed; sending a form twice is one message.

    An old form that comes back with other words is another message, so the
    id of the message follows from both.
    """
    text = request.POST.get("text", "")
    try:
        client_id = uuid5(UUID(request.POST.get("client_id", "")), text)
    except ValueError:
        raise Unreadable from None
    conversations.post_message(
        conversation_id=_talk_id(request),
        author=Message.Author.VISITOR,
        client_id=client_id,
        text=text,
    )
    return onwards()


def close(request: HttpRequest) -> HttpResponse:
    """Stop the talk; the visitor stays and sees what can be done now."""
    conversations.close(conversation_id=_talk_id(request), by=Conversation.ClosedBy.VISITOR)
    return onwards()


def erase(request: HttpRequest) -> HttpResponse:
    """Destroy the talk's words and key at once."""
    actions.erase(ticket=_ticket(request))
    return onwards()


def leave(request: HttpRequest) -> HttpResponse:
    """Out of here, from any page in any state, also with a dead ticket."""
    if ticket := ticket_of(request):
        actions.leave(ticket=ticket)
    response = redirect(settings.NEUTRAL_PAGE)
    response.status_code = 303
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    take_back(response)
    return response


def unknown(request: HttpRequest) -> HttpResponse:
    """A verb that nobody knows changes nothing."""
    raise UnknownVerb


VERBS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "enter": enter,
    "again": enter,
    "language": speak,
    "answer": answer,
    "skip_all": skip_all,
    "say": say,
    "close": close,
    "erase": erase,
    "leave": leave,
}


def onwards() -> HttpResponse:
    """Done: look again at where the visit is now."""
    response = redirect("visitors:here")
    response.status_code = 303
    return response


def _ticket_or_new(request: HttpRequest, response: HttpResponse) -> Ticket:
    if ticket := ticket_of(request):
        return ticket
    token, ticket = actions.hand_out(language=get_language() or settings.LANGUAGE_CODE)
    give(response, token)
    return ticket


def _ticket(request: HttpRequest) -> Ticket:
    ticket = ticket_of(request)
    if ticket is None or ticket.conversation_id is None:
        raise TicketGone
    return ticket


def _talk_id(request: HttpRequest) -> UUID:
    return cast(UUID, _ticket(request).conversation_id)


@require_safe
def transcript(request: HttpRequest) -> HttpResponse:
    """The talk for a page without JavaScript: it asks again by itself."""
    ticket = ticket_of(request)
    if ticket is None or ticket.conversation_id is None:
        return render(request, "visitor/transcript.html", {"onwards": True})
    actions.mark_seen(digests=[bytes(ticket.digest)])
    context = screens.lines(ticket.conversation_id)
    moved = request.GET.get("at", "") != context["talk"].state
    return render(request, "visitor/transcript.html", {**context, "onwards": moved})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines have no business here."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The same plain sheet of paper on every page."""
    return redirect(static("visitor/icon.svg"))
