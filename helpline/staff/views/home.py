"""The first page after signing in: each to their own room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from helpline.staff import access, places, queries


@require_safe
@access.member_required
def home(request: HttpRequest) -> HttpResponse:
    """Go where this member works; a plain page for whoever has no room yet."""
    member = queries.member_of(request)
    found = places.of(member) if member else []
    return redirect(found[0].address) if found else render(request, "staff/home.html")
