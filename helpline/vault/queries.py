"""Open a data key for as long as the caller holds it. Nothing is cached here."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.conf import settings
from django.db.models import Count

from helpline.vault.masters import MasterKeys
from helpline.vault.models import DataKey
from helpline.vault.refusals import MasterMissing, Shredded, Tampered
from helpline.vault.sealing import SealingKey


def masters() -> MasterKeys:
    """The master keys of this process."""
    return MasterKeys.parse(settings.MASTER_KEYS)


def open_key(key_id: UUID) -> SealingKey:
    """The data key, ready to seal and open. Raises Shredded once it is destroyed."""
    found = DataKey.objects.filter(pk=key_id).first()
    if found is None:
        raise Shredded
    return SealingKey(key_id, masters().unwrap(found.as_wrapped, key_id=key_id))


def open_keys(key_ids: Collection[UUID]) -> dict[UUID, SealingKey]:
    """Those of these data keys that are not destroyed, ready to seal and open, by one query."""
    ring = masters()
    found = DataKey.objects.filter(pk__in=key_ids)
    return {key.pk: SealingKey(key.pk, ring.unwrap(key.as_wrapped, key_id=key.pk)) for key in found}


def keys_by_master() -> dict[str, int]:
    """How many data keys lie under which master key."""
    counted = DataKey.objects.values_list("master").annotate(number=Count("pk"))
    return dict(counted.order_by("master"))


def unopenable() -> Iterator[UUID]:
    """The data keys that no master key of ours opens, one by one."""
    ring = masters()
    for key in DataKey.objects.order_by("pk").iterator(chunk_size=1000):
        try:
            ring.unwrap(key.as_wrapped, key_id=key.pk)
        except (MasterMissing, Tampered):
            yield key.pk
