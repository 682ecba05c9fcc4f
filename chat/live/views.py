"""The same road by plain HTTP, for networks where sockets are blocked."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET, require_POST
from pydantic import TypeAdapter

from chat.live import delivery, saying
from chat.live.delivery import Visit, Wanted, WantedAt
from chat.live.frames import Say, SayIn, Sent
from chat.live.saying import Said, SaidAt
from chat.visitors.middleware import COOKIE
from chat.visitors.queries import digest_of
from helpline.errors import Refusal, Unreadable
from helpline.live.consumer import Over, subject_of
from helpline.live.protocol import Frame, parse, refused
from helpline.staff.access import role_required
from helpline.staff.queries import member_of
from helpline.staff.rules import Role
from helpline.steps import done

say_by_visitor = TypeAdapter(Say)
say_by_counsellor = TypeAdapter(SayIn)


@require_GET
def visitor_rows(request: HttpRequest) -> JsonResponse:
    """What comes after number `after`. Also the visitor's sign of life."""
    after = _number(request.GET.get("after", "0"))
    wanted = Wanted(_visit(request), after, seen=True)
    return _frames(delivery.alone(delivery.to_visitors([wanted])).frames)


@require_POST
def visitor_say(request: HttpRequest) -> JsonResponse:
    """Post one Say frame."""
    say = parse(say_by_visitor, _body(request))
    return _answer(say, Said(_visit(request), say))


@require_GET
@role_required(Role.COUNSELLOR)
def counsellor_rows(request: HttpRequest) -> JsonResponse:
    """What comes after number `after` of one talk that is mine."""
    talk, after = _talk(request.GET.get("talk", "")), _number(request.GET.get("after", "0"))
    opened = request.session.get("opened", [])
    known = str(talk) in opened
    (page,) = delivery.to_counsellors([WantedAt(_member_id(request), talk, after, known)])
    if page.has_rows and not known:
        request.session["opened"] = [*opened[-20:], str(talk)]
    if page.is_gone and known:
        request.session["opened"] = [one for one in opened if one != str(talk)]
    return _frames(page.frames)


@require_POST
@role_required(Role.COUNSELLOR)
def counsellor_say(request: HttpRequest) -> JsonResponse:
    """Post one SayIn frame."""
    say = parse(say_by_counsellor, _body(request))
    return _answer(say, SaidAt(request.session.session_key or "", say))


def _answer(say: Say, said: Said | SaidAt) -> JsonResponse:
    """Post one message and tell what became of it."""
    try:
        with transaction.atomic():
            answer: Sent = delivery.alone(done(saying.posted([said], wait=True)))
        return _frames([answer])
    except Refusal as refusal:
        return _frames([refused(refusal, **subject_of(say))], status=refusal.status)


def _visit(request: HttpRequest) -> Visit:
    return Visit(digest_of(request.COOKIES.get(COOKIE, "")))


def _member_id(request: HttpRequest) -> int:
    member = member_of(request)
    if member is None:
        raise Over
    return member.pk


def _body(request: HttpRequest) -> str:
    try:
        return request.body.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable from None


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Unreadable
    return int(text)


def _talk(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Unreadable from None


def _frames(frames: "list[Any] | list[Frame]", status: int = 200) -> JsonResponse:
    told = [frame.model_dump(mode="json", exclude_none=True) for frame in frames]
    return JsonResponse({"frames": told}, status=status)
