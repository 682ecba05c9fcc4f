"""The keys of the talks that go on right now: the one place where a key outlives its call.

Opening a key costs a query and some arithmetic; a talk would pay it for every
message. So a process holds the keys it just used, for at most HELD_FOR seconds
and at most MOST of them, in memory only; a timer lets go of them also when
nothing happens any more. A key that is destroyed here is let go at once;
another process lets go of it within HELD_FOR seconds, and has nothing left to
open with it, because the boxes go first.
"""

from collections import OrderedDict
from collections.abc import Collection
from threading import RLock, Timer
from time import monotonic
from uuid import UUID

from helpline.vault import queries
from helpline.vault.sealing import SealingKey

HELD_FOR = 60  # seconds
MOST = 10_000

_keys: "OrderedDict[UUID, tuple[float, SealingKey]]" = OrderedDict()
_lock = RLock()
_timer: Timer | None = None


def at_hand(key_id: UUID) -> SealingKey | None:
    """The key if it is held here; asks nobody."""
    found = _keys.get(key_id)
    if found is None:
        return None
    since, key = found
    if monotonic() - since < HELD_FOR:
        return key
    let_go(key_id)
    return None


def open_keys(key_ids: Collection[UUID]) -> dict[UUID, SealingKey]:
    """The keys of these ids, one query for those not held. Who is missing is destroyed."""
    keys = {key_id: key for key_id in key_ids if (key := at_hand(key_id)) is not None}
    if missing := [key_id for key_id in key_ids if key_id not in keys]:
        opened = queries.open_keys(missing)
        hold(opened)
        keys |= opened
    return keys


def hold(keys: dict[UUID, SealingKey]) -> None:
    """Hold these from now on; what is too much goes, the oldest first."""
    moment = monotonic()
    with _lock:
        for key_id, key in keys.items():
            _keys[key_id] = (moment, key)
            _keys.move_to_end(key_id)
        while _keys and (len(_keys) > MOST or moment - _oldest() >= HELD_FOR):
            _keys.popitem(last=False)
        if _timer is None:
            _sweep()


def let_go(key_id: UUID) -> None:
    """Forget a key that is destroyed."""
    with _lock:
        _keys.pop(key_id, None)


def _sweep() -> None:
    """Forget what is old, and come back when the next is."""
    global _timer
    with _lock:
        moment = monotonic()
        while _keys and moment - _oldest() >= HELD_FOR:
            _keys.popitem(last=False)
        _timer = None
        if _keys:
            _timer = Timer(max(0.0, _oldest() + HELD_FOR - moment), _sweep)
            _timer.daemon = True
            _timer.start()


def _oldest() -> float:
    return next(iter(_keys.values()))[0]
