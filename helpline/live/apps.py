from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "helpline.live"
    label = "live"
