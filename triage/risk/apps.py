from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "triage.risk"
    label = "risk"
