from django.apps import AppConfig


class TriageLiveConfig(AppConfig):
    name = "triage.live"
    label = "triage_live"
