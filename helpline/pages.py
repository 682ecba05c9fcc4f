"""What every page carries, and how a refusal is shown to a person or a program."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from helpline.errors import NotFound, Refusal
from helpline.hosts import GetResponse, site_now

FEATURES = "camera microphone geolocation payment usb display-capture browsing-topics"
PERMISSIONS = ", ".join(f"{feature}=()" for feature in FEATURES.split())


class Broken(Refusal):
    code = "broken"
    status = 500
    sentence = _(
        "Er ging bij ons iets mis. Wat al verstuurd was, is bewaard. Probeer het zo opnieuw."
    )


class Forbidden(Refusal):
    code = "forbidden"
    status = 403
    sentence = _("Dit mag hier niet, of deze pagina was te oud. Ga terug en probeer het opnieuw.")


def quiet(get_response: GetResponse) -> GetResponse:
    """Middleware: no copy in any cache, no doors to the device, no prefetch."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers["X-DNS-Prefetch-Control"] = "off"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return middleware


def refusals(get_response: GetResponse) -> GetResponse:
    """Middleware: a Refusal raised by a view becomes its page or its JSON."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return tell(request, exception) if isinstance(exception, Refusal) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def tell(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal for whoever asked: JSON for a script, a page for a person."""
    if wants_json(request):
        return JsonResponse(dict(refusal.as_json()), status=refusal.status)
    site = site_now(request)
    return render(
        request, f"{site.value}_refused.html", {"refusal": refusal}, status=refusal.status
    )


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asked: it says so in the Accept header."""
    return "application/json" in request.headers.get("Accept", "")


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return tell(request, Refusal())


def forbidden(request: HttpRequest, exception: Any = None, reason: str = "") -> HttpResponse:
    """Also the answer to a form without its CSRF token."""
    return tell(request, Forbidden())


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return tell(request, NotFound())


def broken(request: HttpRequest) -> HttpResponse:
    return tell(request, Broken())
