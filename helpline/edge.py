"""The outermost wrapper: what says where a visitor comes from ends here.

Behind this line no code can see, keep or log the client's address, device,
language or the page before: they are not there.
"""

from typing import Any

from helpline.static import App, Receive, Send

DROPPED = frozenset(
    {
        b"user-agent",
        b"accept-language",
        b"referer",
        b"forwarded",
        b"x-forwarded-for",
        b"x-real-ip",
        b"x-client-ip",
        b"true-client-ip",
        b"cf-connecting-ip",
        b"via",
        b"dnt",
        b"from",
    }
)
DROPPED_FAMILIES = (b"sec-ch-", b"x-forwarded-for")


def without_traces(app: App) -> App:
    """Drop the address and every header that describes a person or a device."""

    async def answer(scope: Any, receive: Receive, send: Send) -> None:
        kept = [pair for pair in scope.get("headers", ()) if not _is_trace(pair[0])]
        await app({**scope, "headers": kept, "client": None}, receive, send)

    return answer


def _is_trace(name: bytes) -> bool:
    # Servers fold "x_forwarded_for" and "x-forwarded-for" into one name.
    name = name.lower().replace(b"_", b"-")
    return name in DROPPED or name.startswith(DROPPED_FAMILIES)
