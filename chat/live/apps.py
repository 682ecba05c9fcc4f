from django.apps import AppConfig


class ChatLiveConfig(AppConfig):
    name = "chat.live"
    label = "chat_live"
