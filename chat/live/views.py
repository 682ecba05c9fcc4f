"""The same road by plain HTTP, for networks where sockets are blocked."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET, require_POST
from pydantic import TypeAdapter

from chat.live import delivery
from chat.live.delivery import has_rows, is_gone
from chat.live.frames import Say, SayIn
from chat.visitors.middleware import COOKIE
from helpline.errors import Refusal, Unreadable
from helpline.live.consumer import Over
from helpline.live.protocol import Frame, parse, refused
from helpline.staff.access import role_required
from helpline.staff.queries import member_of
from helpline.staff.rules import Role

say_by_visitor = TypeAdapter(Say)
say_by_counsellor = TypeAdapter(SayIn)


@require_GET
def visitor_rows(request: HttpRequest) -> JsonResponse:
    """What comes after number `after`. Also the visitor's sign of life."""
    after = _number(request.GET.get("after", "0"))
    return _frames(delivery.to_visitor(token=_token(request), after=after, seen=True))


@require_POST
def visitor_say(request: HttpRequest) -> JsonResponse:
    """Post one Say frame."""
    say = parse(say_by_visitor, _body(request))
    try:
        return _frames([delivery.from_visitor(token=_token(request), say=say)])
    except Refusal as refusal:
        return _frames([refused(refusal, client_id=say.client_id)], status=refusal.status)


@require_GET
@role_required(Role.COUNSELLOR)
def counsellor_rows(request: HttpRequest) -> JsonResponse:
    """What comes after number `after` of one talk that is mine."""
    talk, after = _talk(request.GET.get("talk", "")), _number(request.GET.get("after", "0"))
    opened = request.session.get("opened", [])
    known = str(talk) in opened
    frames = delivery.to_counsellor(
        member_id=_member_id(request), talk=talk, after=after, opened=known
    )
    if has_rows(frames) and not known:
        request.session["opened"] = [*opened[-20:], str(talk)]
    if not has_rows(frames) and is_gone(frames) and known:
        request.session["opened"] = [one for one in opened if one != str(talk)]
    return _frames(frames)


@require_POST
@role_required(Role.COUNSELLOR)
def counsellor_say(request: HttpRequest) -> JsonResponse:
    """Post one SayIn frame."""
    say = parse(say_by_counsellor, _body(request))
    try:
        return _frames([delivery.from_counsellor(member_id=_member_id(request), say=say)])
    except Refusal as refusal:
        told = refused(refusal, client_id=say.client_id, talk=say.talk)
        return _frames([told], status=refusal.status)


def _token(request: HttpRequest) -> str:
    return request.COOKIES.get(COOKIE, "")


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
