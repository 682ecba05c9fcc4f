"""The front door: edge, static files, then pages and sockets by host."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")

from django.core.asgi import get_asgi_application

pages = get_asgi_application()  # before anything below imports a model

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.urls import re_path

from chat.live.routing import team_sockets as chat_team_sockets
from chat.live.routing import visitor_sockets
from helpline.edge import within_bounds, without_traces
from helpline.hosts import Site, site_of
from helpline.live.settling import settle
from helpline.static import Receive, with_static
from triage.live.routing import team_sockets as triage_team_sockets


async def nowhere(scope: Any, receive: Receive, send: Any) -> None:
    """Refuse a socket that leads nowhere, before it is accepted."""
    await send({"type": "websocket.close", "code": 4404})


elsewhere: Any = re_path("", nowhere)  # type: ignore[arg-type]  # the stubs know views only
SOCKETS: dict[Site | None, Any] = {
    Site.VISITOR: OriginValidator(
        URLRouter([*visitor_sockets, elsewhere]), settings.VISITOR_ORIGINS
    ),
    Site.TEAM: OriginValidator(
        URLRouter([*chat_team_sockets, *triage_team_sockets, elsewhere]), [settings.TEAM_ORIGIN]
    ),
    None: nowhere,
}


async def sockets(scope: Any, receive: Receive, send: Any) -> None:
    """A socket belongs to the site that its Host header names; others are refused."""
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    await SOCKETS[site_of(host)](scope, receive, send)


by_protocol: Any = ProtocolTypeRouter({"http": pages, "websocket": sockets})
application = without_traces(within_bounds(with_static(by_protocol)))
settle()
