"""The stock pattern at its best: what Channels' documentation leads to, tuned as it can be.

A JSON consumer, the asynchronous ORM on connections that stay open, and the
pub/sub layer of channels_redis, which is the faster one. No login, no sealing,
no numbers under a lock: it is given every advantage.
"""

import os
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.load.stock_settings"

from django.core.asgi import get_asgi_application

pages = get_asgi_application()

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.db import models
from django.urls import path


class Message(models.Model):
    """What somebody said in a talk."""

    talk = models.IntegerField(db_index=True)
    client_id = models.UUIDField()
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "load"

    def __str__(self) -> str:
        return f"message:{self.pk}"


class TalkConsumer(AsyncJsonWebsocketConsumer):
    """Either end of a talk: what one says, both hear once it is stored."""

    async def connect(self) -> None:
        self.talk = self.scope["url_route"]["kwargs"]["talk"]
        await self.channel_layer.group_add(f"talk.{self.talk}", self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(f"talk.{self.talk}", self.channel_name)

    async def receive_json(self, content: Any, **more: Any) -> None:
        client_id, text = content["client_id"], content["text"]
        row = await Message.objects.acreate(talk=self.talk, client_id=client_id, text=text)
        said = {"number": row.pk, "client_id": client_id, "text": text}
        await self.channel_layer.group_send(f"talk.{self.talk}", {"type": "row", **said})

    async def row(self, event: dict[str, Any]) -> None:
        await self.send_json(event)


sockets: Any = URLRouter([path("ws/<int:talk>/", TalkConsumer.as_asgi())])
application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
