from django.apps import AppConfig


class VisitorsConfig(AppConfig):
    name = "chat.visitors"
    label = "visitors"
