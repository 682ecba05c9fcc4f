"""Which table lives where: data keys in a database of their own.

`default` is the web role, `owner` the same database as the role that migrates,
`keys` the database of the data keys. No foreign key crosses.
"""

from typing import Any

KEYS_APP = "vault"


class Router:
    """Send the vault to the keys database and everything else to the main one."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "keys" if model._meta.app_label == KEYS_APP else None

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        crosses = (one._meta.app_label == KEYS_APP) != (other._meta.app_label == KEYS_APP)
        return False if crosses else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (app_label == KEYS_APP) == (db == "keys")
