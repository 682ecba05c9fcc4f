"""The ticket of this request, and CSRF protection whose secret lies with the ticket."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation

from chat.visitors import queries
from chat.visitors.models import Ticket
from helpline.hosts import GetResponse

COOKIE = "__Host-t"


def ticket_of(request: HttpRequest) -> Ticket | None:
    """The living ticket of this request, if there is one."""
    return getattr(request, "ticket", None)


def with_ticket(get_response: GetResponse) -> GetResponse:
    """Middleware: find the ticket and speak its language."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        ticket = queries.find(request.COOKIES.get(COOKIE))
        request.ticket = ticket  # type: ignore[attr-defined]
        with translation.override(ticket.language if ticket else settings.LANGUAGE_CODE):
            return get_response(request)

    return middleware


def give(response: HttpResponseBase, token: str) -> None:
    """Put the ticket's token in the one cookie: for this session, this host, no script."""
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="Strict", path="/")


def take_back(response: HttpResponseBase) -> None:
    """Remove the cookie; the ticket itself is ended on the server."""
    response.set_cookie(
        COOKIE, "", max_age=0, secure=True, httponly=True, samesite="Strict", path="/"
    )


class TicketCsrf(CsrfViewMiddleware):
    """Django's protection, with the secret in the ticket instead of a cookie.

    Without a ticket there is nothing to protect: Django has then already
    refused a form from another origin, and the door only hands out tickets.
    Leaving works from the oldest page, whose token may be that of a former ticket.
    """

    def _get_secret(self, request: HttpRequest) -> str | None:
        ticket = ticket_of(request)
        return ticket.csrf_secret if ticket else None

    def _check_token(self, request: HttpRequest) -> None:
        if ticket_of(request) is not None and request.POST.get("do") != "leave":
            super()._check_token(request)  # type: ignore[misc]

    def _set_csrf_cookie(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Nothing: the secret is the ticket's from its first moment."""
