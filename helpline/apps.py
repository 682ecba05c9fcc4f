"""Wires the house when Django is ready."""

from django.apps import AppConfig


class HelplineConfig(AppConfig):
    name = "helpline"

    def ready(self) -> None:
        from helpline import celery, wiring  # noqa: F401

        wiring.connect()
