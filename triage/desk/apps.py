from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "triage.desk"
    label = "desk"
