"""What our pages may do: nothing from elsewhere, nothing inline, and text only as text."""

from urllib.parse import urlsplit

from csp.constants import NONE, SELF


def policy(*, neutral_page: str) -> dict[str, dict[str, list[str]]]:
    """The Content-Security-Policy of both sites, for django-csp.

    Chromium asks `form-action` of the redirect after "leave" too, so the
    neutral page's site is allowed there, and nowhere else.
    """
    neutral = urlsplit(neutral_page)
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF],
            "style-src": [SELF],
            "img-src": [SELF],
            "connect-src": [SELF],
            "media-src": [SELF],
            "form-action": [SELF, f"{neutral.scheme}://{neutral.netloc}"],
            "frame-src": [SELF],
            "frame-ancestors": [SELF],
            "base-uri": [NONE],
            "require-trusted-types-for": ["'script'"],
        }
    }
