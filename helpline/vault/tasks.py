"""The sweep behind the keys: what nothing uses any more is destroyed."""

from collections.abc import Callable, Iterable
from itertools import chain
from uuid import UUID

from celery import shared_task

from helpline.vault import actions

KeysInUse = Callable[[], Iterable[UUID]]
_users: list[KeysInUse] = []


def connect(users: Iterable[KeysInUse]) -> None:
    """Say who uses keys. `helpline.wiring` knows them all."""
    _users[:] = users


@shared_task
def destroy_orphans() -> int:
    """Destroy the keys of no talk and no member. Returns how many.

    Without anybody who uses keys this would destroy them all: then it does nothing.
    """
    if not _users:
        return 0
    return actions.destroy_orphans(in_use=chain.from_iterable(user() for user in _users))
