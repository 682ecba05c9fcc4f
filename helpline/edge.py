"""The outermost wrapper: what says where a visitor comes from ends here.

Behind this line no code can see, keep or log the client's address, device,
language or the page before: they are not there. Only the headers in KEPT go
on, and no body longer than any form of ours.
"""

from typing import Any

from helpline.static import App, Receive, Send

LONGEST_BODY = 128 * 1024  # bytes: the longest message as a form, and room
KEPT = frozenset(
    {
        b"host",
        b"origin",
        b"cookie",
        b"accept",
        b"accept-encoding",
        b"content-type",
        b"content-length",
        b"transfer-encoding",
        b"connection",
        b"upgrade",
        b"range",
        b"if-none-match",
        b"if-modified-since",
        b"sec-fetch-site",
        b"sec-websocket-key",
        b"sec-websocket-version",
        b"sec-websocket-protocol",
        b"x-csrftoken",
        b"x-forwarded-proto",
    }
)


class TooLong(Exception):
    """The body is longer than anything of ours."""


def without_traces(app: App) -> App:
    """Pass on what a page needs to know and nothing about a person or a device."""

    async def answer(scope: Any, receive: Receive, send: Send) -> None:
        kept = [pair for pair in scope.get("headers", ()) if pair[0].lower() in KEPT]
        await app({**scope, "headers": kept, "client": None}, receive, send)

    return answer


def within_bounds(app: App) -> App:
    """Refuse a body that is too long, and two hosts in one request, before anything reads them."""

    async def answer(scope: Any, receive: Receive, send: Send) -> None:
        headers = scope.get("headers", ())
        if scope["type"] == "http":
            lengths = [value for name, value in headers if name == b"content-length"]
            if any(not n.isdigit() or int(n[:12]) > LONGEST_BODY for n in lengths):
                return await refuse(send, 413, b"too_long")
        if sum(name == b"host" for name, _ in headers) != 1:
            if scope["type"] == "websocket":
                return await send({"type": "websocket.close", "code": 4421})
            return await refuse(send, 400, b"one_host")
        try:
            await app(scope, counted(receive), send)
        except TooLong:
            await refuse(send, 413, b"too_long")

    return answer


def counted(receive: Receive) -> Receive:
    """`receive`, until more came in than LONGEST_BODY. Raises TooLong."""
    seen = 0

    async def take() -> Any:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > LONGEST_BODY:
                raise TooLong
        return message

    return take


async def refuse(send: Send, status: int, code: bytes) -> None:
    """A code in plain text: whoever sends this is not a page of ours."""
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": code + b"\n"})
