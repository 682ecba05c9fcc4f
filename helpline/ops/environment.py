"""The variables a local run needs: what you gave, what the servers say, the rest made up.

Secrets go in as files (`NAME_FILE`), so that no list of processes shows them.
"""

import base64
import os
import secrets

from helpline.ops.home import Home
from helpline.ops.postgres import KEYS, OWNER, WEB, Postgres
from helpline.ops.trouble import Trouble
from helpline.ops.valkey import Valkey

DATABASES = ("DATABASE_URL", "OWNER_DATABASE_URL", "KEYS_DATABASE_URL")


def is_given(name: str) -> bool:
    """True when the environment has `name`, directly or by file."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def databases_are_given() -> bool:
    """True when you brought your own PostgreSQL; half of it is refused."""
    given = [name for name in DATABASES if is_given(name)]
    absent = [name for name in DATABASES if name not in given]
    if given and absent:
        raise Trouble(
            f"{' and '.join(given)} given, but not {' and '.join(absent)}: "
            "set all three to use your own PostgreSQL, or none to use the one under var/."
        )
    return bool(given)


def addresses_of(server: Postgres | Valkey) -> dict[str, str]:
    """The variables by which the product finds `server`."""
    if isinstance(server, Valkey):
        return {"REDIS_URL": server.url}
    return {
        "DATABASE_URL": server.url(WEB, "helpline"),
        "OWNER_DATABASE_URL": server.url(OWNER, "helpline"),
        "KEYS_DATABASE_URL": server.url(KEYS, "helpline_keys"),
    }


def complete(home: Home, addresses: dict[str, str], *, mode: str) -> dict[str, str]:
    """Everything the settings ask for, to be laid over the environment."""
    chosen = {"MODE": os.environ.get("MODE") or mode} if mode != "test" else {"MODE": mode}
    made = {"VAR_DIR": str(home.var), "DJANGO_SETTINGS_MODULE": "helpline.settings"}
    if not is_given("EMAIL_URL"):
        made["EMAIL_URL"] = f"filemail:///{home.var / 'mail'}"
    return addresses | made | chosen | (_secrets(home) if chosen["MODE"] != "production" else {})


def _secrets(home: Home) -> dict[str, str]:
    """Secrets of this machine alone, made once; production never gets them."""
    new = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "MASTER_KEYS": f"local:{_key()}",
        "AUDIT_KEY": _key(),
    }
    for name, value in new.items():
        home.secret(name.lower(), make=value)
    return {f"{name}_FILE": str(home.secrets / name.lower()) for name in new if not is_given(name)}


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
