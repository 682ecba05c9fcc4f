from django.apps import AppConfig


class LineConfig(AppConfig):
    name = "triage.line"
    label = "line"
