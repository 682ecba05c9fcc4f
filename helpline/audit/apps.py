"""The audit as a Django app; after each migrate it gives the web role its rights."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "helpline.audit"
    label = "audit"

    def ready(self) -> None:
        from helpline.audit import checks, rights  # noqa: F401

        post_migrate.connect(rights.after_migrate, sender=self, dispatch_uid="audit.rights")
