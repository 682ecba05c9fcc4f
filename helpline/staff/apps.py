"""The team's people as a Django app."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "helpline.staff"
    label = "staff"
    verbose_name = "Team"

    def ready(self) -> None:
        from helpline.staff import checks  # noqa: F401
