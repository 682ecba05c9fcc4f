"""Events leave only after the commit, and nothing depends on hearing them.

An event is a frozen dataclass of ids, numbers and codes, never of words.
`helpline.wiring` says who hears what. A listener that fails is logged and the
others still hear: events make it fast, sweeps make it sure.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction

from helpline.logs import get_logger

Listener = Callable[[Any], None]

log = get_logger(__name__)
_listeners: dict[type, tuple[Listener, ...]] = {}


def wire(table: Mapping[type, Iterable[Listener]]) -> None:
    """Make `table` the whole truth about who hears what."""
    _listeners.clear()
    _listeners.update({event: tuple(listeners) for event, listeners in table.items()})


def publish(event: object) -> None:
    """Tell `event` to its listeners once the surrounding transaction is committed."""
    transaction.on_commit(lambda: tell(event))


def tell(event: object) -> None:
    """Tell `event` at once: for whoever knows that it is committed."""
    for listener in _listeners.get(type(event), ()):
        try:
            listener(event)
        except Exception:
            log.exception("listener_failed", code=listener.__name__)
