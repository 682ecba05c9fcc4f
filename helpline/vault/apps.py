"""The vault as a Django app."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "helpline.vault"
    label = "vault"

    def ready(self) -> None:
        from helpline.vault import checks  # noqa: F401
