"""Forge, destroy and rewrap data keys. Each is final the moment it returns.

A key is committed before the row that needs it and destroyed after the row
that used it. So these never join a transaction that may be rolled back: they
are `durable` on the keys database, whatever is open on the main one.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from secrets import token_bytes
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction

from helpline.clock import now
from helpline.vault import held
from helpline.vault.models import DataKey
from helpline.vault.queries import masters
from helpline.vault.refusals import MasterMissing, Tampered, TooManyOrphans
from helpline.vault.sealing import KEY_BYTES

BATCH = 500
DAY = timedelta(days=1)
MOST_ORPHANS = 1000


class Rewrapped(NamedTuple):
    """What one batch did: how many it rewrapped, what it could not open, where it stopped."""

    done: int
    failed: list[UUID]
    last: UUID | None


@transaction.atomic(using="keys", durable=True)
def forge() -> UUID:
    """Make a data key and return its id. It is safe on disk before this returns."""
    key_id = uuid4()
    wrapped = masters().wrap(token_bytes(KEY_BYTES), key_id=key_id)
    this_hour = now().replace(minute=0, second=0, microsecond=0)
    DataKey.objects.create(pk=key_id, master=wrapped.master, wrapped=wrapped.box, made_at=this_hour)
    return key_id


@transaction.atomic(using="keys", durable=True)
def destroy(key_id: UUID) -> None:
    """Destroy a data key for ever. Safe to repeat."""
    DataKey.objects.filter(pk=key_id).delete()
    held.let_go(key_id)
    transaction.on_commit(partial(held.let_go, key_id), using="keys")  # opened meanwhile


@transaction.atomic(using="keys", durable=True)
def rewrap(*, after: UUID | None = None, batch: int = BATCH) -> Rewrapped:
    """Wrap the next data keys under the newest master key, in order of id from `after`.

    What cannot be opened is left as it is and reported. Killed half-way the
    batch is undone; the next run finds exactly what is still to do.
    """
    ring = masters()
    waiting = DataKey.objects.exclude(master=ring.newest).order_by("pk").select_for_update()
    keys = list((waiting.filter(pk__gt=after) if after else waiting)[:batch])
    renewed, failed = [], []
    for key in keys:
        try:
            secret = ring.unwrap(key.as_wrapped, key_id=key.pk)
        except (MasterMissing, Tampered):
            failed.append(key.pk)
            continue
        key.master, key.wrapped = ring.wrap(secret, key_id=key.pk)
        renewed.append(key)
    DataKey.objects.bulk_update(renewed, ["master", "wrapped"])
    return Rewrapped(len(renewed), failed, keys[-1].pk if keys else None)


@transaction.atomic(using="keys", durable=True)
def destroy_orphans(
    *, in_use: Iterable[UUID], older_than: timedelta = DAY, most: int = MOST_ORPHANS
) -> int:
    """Destroy the data keys that nothing uses any more; return how many.

    `in_use` names the keys of every app and is read after the keys are: one
    forged meanwhile is younger than `older_than` and stays. When more than
    `most` would go, an app was probably forgotten: raises TooManyOrphans.
    """
    old = DataKey.objects.filter(made_at__lt=now() - older_than)
    orphans = set(old.values_list("pk", flat=True))
    orphans.difference_update(in_use)
    if len(orphans) > most:
        raise TooManyOrphans
    DataKey.objects.filter(pk__in=orphans).delete()
    return len(orphans)
