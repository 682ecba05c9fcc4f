"""The desk and its verbs: parse, call, answer."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chat.conversations import actions as conversations
from chat.conversations.models import Conversation
from helpline.pages import wants_json
from helpline.staff import queries as staff
from helpline.staff.access import role_required
from helpline.staff.models import Member
from helpline.staff.refusals import SignedOut
from helpline.staff.rules import Role
from triage.desk import actions, forms
from triage.line import actions as line
from triage.live import desk
from triage.shifts import actions as shifts
from triage.shifts import queries as on_shift

at_the_desk = role_required(Role.COUNSELLOR, Role.COORDINATOR)
counselling = role_required(Role.COUNSELLOR)
coordinating = role_required(Role.COORDINATOR)


@require_GET
@at_the_desk
def home(request: HttpRequest) -> HttpResponse:
    """The desk itself."""
    seen = {"board": desk.board(member_id=_me(request)), "longest": settings.LONGEST_MESSAGE}
    return render(request, "desk/desk.html", seen)


@require_GET
@at_the_desk
def board(request: HttpRequest) -> HttpResponse:
    """The board's frame by plain HTTP; asking for it is a beat."""
    active = request.GET.get("active") == "1"
    key = request.session.session_key or ""
    desk.beat(member_id=_me(request), session_key=key, active=active)
    frame = desk.board(member_id=_me(request))
    return JsonResponse({"frames": [frame.model_dump(mode="json", exclude_none=True)]})


@require_POST
@counselling
def claim(request: HttpRequest) -> HttpResponse:
    """Take this visitor."""
    talk = forms.talk_of(request)
    line.claim(member_id=_me(request), conversation_id=talk)
    return _done(request, talk=talk)


@require_POST
@counselling
def take_next(request: HttpRequest) -> HttpResponse:
    """Take whoever is next."""
    return _done(request, talk=line.take_next(member_id=_me(request)))


@require_POST
@counselling
def open_talk(request: HttpRequest, talk: UUID) -> HttpResponse:
    """What lies beside a talk: answers and notes."""
    return JsonResponse(asdict(actions.open_talk(member_id=_me(request), conversation_id=talk)))


@require_POST
@counselling
def end(request: HttpRequest, talk: UUID) -> HttpResponse:
    """End my talk."""
    conversations.close(
        conversation_id=talk, by=Conversation.ClosedBy.COUNSELLOR, member_id=_me(request)
    )
    return _done(request, talk=talk)


@require_POST
@counselling
def add_note(request: HttpRequest, talk: UUID) -> HttpResponse:
    """Write a note beside my talk."""
    text = request.POST.get("text", "")
    note = conversations.add_note(conversation_id=talk, member_id=_me(request), text=text)
    return _done(request, note=asdict(actions.Noted(note.at, _member(request).alias, text)))


@require_POST
@counselling
def give_back(request: HttpRequest, talk: UUID) -> HttpResponse:
    """Give my talk back to the line."""
    line.release(member_id=_me(request), conversation_id=talk)
    return _done(request, talk=talk)


@require_POST
@counselling
def offer(request: HttpRequest, talk: UUID) -> HttpResponse:
    """Ask a colleague to take over."""
    to_id = forms.colleague_of(request)
    line.offer(member_id=_me(request), conversation_id=talk, to_id=to_id)
    return _done(request, talk=talk)


@require_POST
@counselling
def withdraw(request: HttpRequest, talk: UUID) -> HttpResponse:
    """Take that question back, or say no to it."""
    conversations.withdraw_offer(conversation_id=talk, member_id=_me(request))
    return _done(request, talk=talk)


@require_POST
@counselling
def accept(request: HttpRequest, talk: UUID) -> HttpResponse:
    """Take over what a colleague offers."""
    line.accept(member_id=_me(request), conversation_id=talk)
    return _done(request, talk=talk)


@require_POST
@counselling
def presence(request: HttpRequest) -> HttpResponse:
    """Here, pause or off."""
    actions.set_presence(member_id=_me(request), state=request.POST.get("state", ""))
    return _done(request)


@require_POST
@coordinating
def door(request: HttpRequest) -> HttpResponse:
    """Close the door now, or open it again."""
    move = shifts.close_door if request.POST.get("do") == "close" else shifts.open_door
    move(member_id=_me(request))
    return _done(request)


@require_GET
@coordinating
def hours(request: HttpRequest) -> HttpResponse:
    """The opening hours of the week, to look at and to change."""
    return render(request, "desk/hours.html", {"week": forms.week_to_show(on_shift.week())})


@require_POST
@coordinating
def set_hours(request: HttpRequest) -> HttpResponse:
    """Make these the opening hours."""
    shifts.set_hours(member_id=_me(request), week=forms.week_of(request))
    messages.success(request, _("De openingstijden zijn bewaard."))
    return redirect("desk:hours")


def _member(request: HttpRequest) -> Member:
    member = staff.member_of(request)
    if member is None:
        raise SignedOut
    return member


def _me(request: HttpRequest) -> int:
    return _member(request).pk


def _done(request: HttpRequest, **about: Any) -> HttpResponse:
    """For a script what it needs to go on; for a plain form the desk again."""
    if wants_json(request):
        return JsonResponse(about)
    response = HttpResponse(status=303)
    response["Location"] = reverse("desk:home")
    return response
