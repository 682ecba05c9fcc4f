"""Static files by site, before Django is asked: the visitor's host has no staff file.

Sites differ in what they know: the visitor's table holds only the folders in
VISITOR_STATIC, the team's table everything. A file that is not in the table
of a site does not exist there.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings
from whitenoise import WhiteNoise

from helpline.hosts import Site, site_of

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Any, Receive, Send], Awaitable[None]]
GUARDS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'"),
]
ASKED = ("if-none-match", "if-modified-since", "accept-encoding", "range")


def table(folders: tuple[str, ...] | None) -> WhiteNoise:
    """The files of these folders (None: all) under STATIC_URL, kept for ever."""
    found = WhiteNoise(
        None,
        max_age=WhiteNoise.FOREVER,
        immutable_file_test=lambda path, url: True,
        allow_all_origins=False,
    )
    root = settings.STATIC_ROOT
    names = folders if folders is not None else ("",)
    for folder in names:
        if (root / folder).is_dir():
            found.add_files(str(root / folder), prefix=f"{settings.STATIC_URL}{folder}")
    return found


def with_static(app: App) -> App:
    """Answer for STATIC_URL here; everything else goes on to `app`."""
    tables = {Site.VISITOR: table(settings.VISITOR_STATIC), Site.TEAM: table(None)}

    async def answer(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/static/"):
            return await app(scope, receive, send)
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        site = site_of(headers.get("host", ""))
        file = tables[site].files.get(scope["path"]) if site else None
        if file is None or scope["method"] not in ("GET", "HEAD"):
            return await _send(send, 404, [], b"")
        asked = {f"HTTP_{n.upper().replace('-', '_')}": headers[n] for n in ASKED if n in headers}
        found = file.get_response(scope["method"], asked)
        body = found.file.read() if found.file else b""
        if found.file:
            found.file.close()
        return await _send(send, int(found.status), list(found.headers), body)

    return answer


async def _send(send: Send, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    raw += GUARDS if status < 400 else [*GUARDS, (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
