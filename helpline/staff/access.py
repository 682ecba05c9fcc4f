"""Who gets past the door of a page: decorators for views.

Each leaves on the view what it asks (`needs`), so that the matrix of routes
and roles can be generated and nothing is forgotten.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from helpline.staff import queries, refusals, rules
from helpline.staff.actions import doors, trail
from helpline.staff.models import Member
from helpline.staff.rules import Role

View = Callable[..., HttpResponseBase]
ANYBODY = "anybody"
HALF = "half"  # a password was given, a code not yet
MEMBER = "member"


def role_required(*roles: Role) -> Callable[[View], View]:
    """Only a verified member with one of these roles; without any: every verified member.

    Somebody unknown goes to the sign-in page, somebody without a code to the
    code page. A wrong role is refused and written down.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return door(request, roles) or view(request, *args, **kwargs)

        guarded.needs = roles or MEMBER  # type: ignore[attr-defined]
        return guarded

    return decorate


member_required = role_required()


def door(request: HttpRequest, roles: tuple[Role, ...]) -> HttpResponse | None:
    """None for whoever may pass; else where to go. Raises Denied, or SignedOut to a script."""
    if member := queries.member_of(request):
        if roles and not rules.holds(member, *roles):
            trail.note_denied(actor=member.pk, route=route_of(request))
            raise refusals.Denied
        return None
    if "application/json" in request.headers.get("Accept", ""):
        raise refusals.SignedOut
    step = "staff:code" if queries.half_member_of(request) else "staff:sign_in"
    return with_next(step, request)


def me(request: HttpRequest) -> Member:
    """Whoever the guard above a view let in. Raises SignedOut when there was none."""
    member = queries.half_member_of(request)
    if member is None:
        raise refusals.SignedOut
    return member


def half_required(view: View) -> View:
    """Whoever gave a password; the next step of coming in is on this page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if queries.half_member_of(request) is None:
            return redirect("staff:sign_in")
        return view(request, *args, **kwargs)

    guarded.needs = HALF  # type: ignore[attr-defined]
    return guarded


def for_anybody(view: View) -> View:
    """A page that asks nothing; said aloud, so that no view is open by accident."""
    view.needs = ANYBODY  # type: ignore[attr-defined]
    return view


def step_up_required(view: View) -> View:
    """Ask for a fresh code first. Put it below `role_required`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not session_is_fresh(request):
            return with_next("staff:step_up", request, back=request.path)
        return view(request, *args, **kwargs)

    return guarded


def session_is_fresh(request: HttpRequest) -> bool:
    """Whether a code was given in this session in the last minutes (STAFF_FRESH)."""
    return doors.is_fresh(request, window=settings.STAFF_FRESH)


def with_next(name: str, request: HttpRequest, *, back: str = "") -> HttpResponse:
    """Go to the page `name`, and after it back to where `request` wanted to be.

    What was posted is not remembered; `back` is where its form stood.
    """
    if request.method in ("GET", "HEAD"):
        back = request.get_full_path()
    return go(name, back=back)


def go(name: str, *, back: str = "") -> HttpResponse:
    """Go to the page `name`, which will know to go `back`."""
    query = urlencode({"next": back}, safe="/") if back not in ("", "/") else ""
    return redirect(f"{reverse(name)}?{query}" if query else reverse(name))


def next_page(request: HttpRequest, *, default: str = "staff:home") -> HttpResponse:
    """Where `next` points, if that is a page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted) if ours else redirect(default)


def route_of(request: HttpRequest) -> str:
    """The name of a route: never its path, which may hold an id."""
    match = request.resolver_match
    return (match.view_name if match else "") or "unnamed"
