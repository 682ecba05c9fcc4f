"""The data keys, in a database of their own."""

from django.db import models

from helpline.vault.masters import Wrapped


class DataKey(models.Model):
    """The key of one sealed thing, wrapped under a master key. Deleting it shreds the thing.

    `made_at` is to the hour: enough to tell an orphan from a key whose row is
    about to come, and no finer.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    master = models.CharField(max_length=32)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"key:{self.pk}"

    @property
    def as_wrapped(self) -> Wrapped:
        """The key as a master key takes it."""
        return Wrapped(self.master, bytes(self.wrapped))
