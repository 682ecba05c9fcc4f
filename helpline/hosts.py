"""Visitor site and team site by host: two sites that share no cookie.

The visitor's host knows no staff cookie, login or admin; the team's host knows
no visitor's ticket. Any other host gets a plain refusal.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.module_loading import import_string

SITE = "helpline.site"
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Site(Enum):
    """The two rooms of the house, as seen from the street."""

    VISITOR = "visitor"
    TEAM = "team"


def site_of(host: str) -> Site | None:
    """The site that answers for a Host header, or None for a stranger."""
    name = host.lower()
    if name in {urlsplit(origin).netloc for origin in settings.VISITOR_ORIGINS}:
        return Site.VISITOR
    return Site.TEAM if name == urlsplit(settings.TEAM_ORIGIN).netloc else None


def site_now(request: HttpRequest) -> Site:
    """The site that this request came in by."""
    site: Site = request.META[SITE]
    return site


def choose_site(get_response: GetResponse) -> GetResponse:
    """Middleware: settle which site and which addresses, refuse unknown hosts."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        site = site_of(request.headers.get("Host", ""))
        if site is None:
            return HttpResponse("unknown_host\n", status=421, content_type="text/plain")
        request.META[SITE] = site
        request.urlconf = f"helpline.urls_{site.value}"
        return get_response(request)

    return middleware


class OnOneSite:
    """Run another middleware on one site only; on the other it does not exist."""

    site: Site
    inner_path: str

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.inner = import_string(self.inner_path)(get_response)
        for hook in ("process_exception", "process_template_response"):
            if hasattr(self.inner, hook):
                raise TypeError(f"{self.inner_path} has a hook that is not passed on: {hook}")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        here = site_now(request) is self.site
        return self.inner(request) if here else self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponseBase | None:
        hook = getattr(self.inner, "process_view", None)
        if hook is None or site_now(request) is not self.site:
            return None
        return hook(request, *args)  # type: ignore[no-any-return]


def on_site(site: Site, path: str) -> type[OnOneSite]:
    """A middleware class that is `path` on `site` and nothing elsewhere."""
    name = f"{path.rpartition('.')[2]}On{site.name.title()}"
    return type(name, (OnOneSite,), {"site": site, "inner_path": path})


SessionOnTeam = on_site(Site.TEAM, "django.contrib.sessions.middleware.SessionMiddleware")
CsrfOnTeam = on_site(Site.TEAM, "django.middleware.csrf.CsrfViewMiddleware")
AuthenticationOnTeam = on_site(Site.TEAM, "django.contrib.auth.middleware.AuthenticationMiddleware")
MessagesOnTeam = on_site(Site.TEAM, "django.contrib.messages.middleware.MessageMiddleware")
OtpOnTeam = on_site(Site.TEAM, "django_otp.middleware.OTPMiddleware")
AtHomeOnTeam = on_site(Site.TEAM, "helpline.staff.middleware.at_home")
TicketOnVisitor = on_site(Site.VISITOR, "chat.visitors.middleware.with_ticket")
CsrfOnVisitor = on_site(Site.VISITOR, "chat.visitors.middleware.TicketCsrf")
