"""What kind of thing stands in every column that could hold words.

Every text, list, JSON or binary column of ours has a line here; a column
without one fails the tests (E30). Whoever adds a column decides in this file,
in plain sight, what may ever stand in it.
"""

from collections.abc import Mapping
from enum import Enum


class Kind(Enum):
    """The kinds of columns there are. There is none for a visitor's words in clear."""

    CODED = "coded"  # a code from a closed list, an opaque id, a language
    SEALED = "sealed"  # a box of the vault, bound to its row
    DIGEST = "digest"  # a hash of something random or of a password: nothing comes back out
    RANDOM = "random"  # a random value of use to its own row only, gone with the visit
    PUBLIC = "public"  # shown to visitors or meant for everybody
    TEAM = "team"  # about a team member, for the team; never about a visitor


CODED, SEALED, DIGEST = Kind.CODED, Kind.SEALED, Kind.DIGEST
RANDOM, PUBLIC, TEAM = Kind.RANDOM, Kind.PUBLIC, Kind.TEAM

COLUMNS: Mapping[str, Mapping[str, Kind]] = {
    "vault.DataKey": {"master": CODED, "wrapped": SEALED},
    "audit.Entry": {
        "role": CODED,
        "verb": CODED,
        "subject": CODED,
        "reference": CODED,
        "outcome": CODED,
        "previous": DIGEST,
        "hash": DIGEST,
    },
    "audit.Head": {"hash": DIGEST},
    "staff.Member": {
        "password": DIGEST,
        "email": TEAM,
        "name": TEAM,
        "alias": PUBLIC,
        "roles": CODED,
        "language": CODED,
    },
    "staff.Session": {"key_digest": DIGEST, "data": TEAM},
    "staff.Invitation": {"email": TEAM, "name": TEAM, "roles": CODED, "token_digest": DIGEST},
    "staff.TotpDevice": {"name": CODED, "box": SEALED},
    "staff.RecoverySheet": {"name": CODED, "digests": DIGEST},
    "conversations.Conversation": {"language": CODED, "state": CODED, "closed_by": CODED},
    "conversations.Message": {"kind": CODED, "author": CODED, "detail": CODED, "box": SEALED},
    "conversations.Note": {"box": SEALED},
    "conversations.Answers": {
        "safe_now": CODED,
        "topic": CODED,
        "about": CODED,
        "age_band": CODED,
        "region": CODED,
    },
    "visitors.Ticket": {
        "digest": DIGEST,
        "csrf_secret": RANDOM,
        "language": CODED,
        "former": RANDOM,
    },
    "risk.Assessment": {"level": CODED, "reasons": CODED},
    "shifts.Presence": {"state": CODED},
}

# Columns of any table whose name or type smells of identity (E02), with why each may stay.
REVIEWED: Mapping[str, str] = {
    "staff.Member.email": "a team member signs in with an address of their work",
    "staff.Invitation.email": "where a team member's invitation goes",
}

# Columns that a library brings along and that stay empty, whatever happens (E02).
KEPT_EMPTY: Mapping[str, tuple[str, ...]] = {
    "axes.AccessAttempt": ("ip_address", "user_agent", "http_accept", "path_info"),
    "axes.AccessFailureLog": ("ip_address", "user_agent", "http_accept", "path_info"),
    "axes.AccessLog": ("ip_address", "user_agent", "http_accept", "path_info"),
}
