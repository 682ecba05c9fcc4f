from django.apps import AppConfig


class ShiftsConfig(AppConfig):
    name = "triage.shifts"
    label = "shifts"
