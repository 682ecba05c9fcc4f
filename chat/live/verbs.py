"""One address, a view for each HTTP method."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed

View = Callable[[HttpRequest], HttpResponseBase]


def by_method(**views: View) -> View:
    """A view that hands on to the one for the request's method."""

    def view(request: HttpRequest) -> HttpResponseBase:
        chosen = views.get(request.method or "")
        return chosen(request) if chosen else HttpResponseNotAllowed(list(views))

    return view
