"""The visible tables: who hears what, and what comes round by itself."""

from collections.abc import Callable
from typing import Any

from celery.schedules import crontab

from chat.conversations import queries as conversations
from chat.conversations.events import (
    Answered,
    CounsellorLeft,
    Erased,
    RowAdded,
    Said,
    TransferOffered,
)
from chat.live import announcers as talk_bells
from chat.visitors import outlook
from helpline import events
from helpline.celery import app as celery
from helpline.staff import queries as staff
from helpline.staff.events import MemberRevoked, SessionEnded
from helpline.vault import tasks as vault
from triage.line import listeners as line
from triage.line import queries as line_queries
from triage.live import announcers as board_bells
from triage.risk import listeners as risk
from triage.risk.events import Assessed
from triage.shifts.events import DoorMoved, PresenceChanged

HEARS: dict[type, tuple[Callable[[Any], None], ...]] = {
    Answered: (risk.on_answered,),
    RowAdded: (risk.on_row, line.on_row, talk_bells.ring_row, board_bells.on_row),
    Said: (talk_bells.ring_said,),  # on the message path: nobody here may wait
    CounsellorLeft: (talk_bells.ring_left,),
    TransferOffered: (talk_bells.ring_offer, board_bells.on_change),
    Erased: (risk.on_erased, talk_bells.ring_erased, board_bells.on_change),
    Assessed: (board_bells.on_change,),
    PresenceChanged: (board_bells.on_change,),
    DoorMoved: (board_bells.on_change,),
    MemberRevoked: (line.on_revoked, talk_bells.ring_revoked, board_bells.on_revoked),
    SessionEnded: (talk_bells.ring_revoked, board_bells.on_revoked),
}

BEAT: dict[str, dict[str, Any]] = {
    "line-prune": {"task": "triage.line.tasks.prune", "schedule": 10.0},
    "line-return-orphans": {"task": "triage.line.tasks.return_orphans", "schedule": 10.0},
    "assess-missed": {"task": "triage.risk.tasks.sweep_assessments", "schedule": 30.0},
    "close-abandoned": {"task": "chat.conversations.tasks.close_abandoned", "schedule": 60.0},
    "finish-erasures": {"task": "chat.conversations.tasks.finish_erasures", "schedule": 60.0},
    "sweep-tickets": {"task": "chat.visitors.tasks.sweep_tickets", "schedule": 300.0},
    "sweep-staff": {"task": "helpline.staff.tasks.sweep", "schedule": 300.0},
    "shred-due": {"task": "chat.conversations.tasks.shred_due", "schedule": crontab(minute="7")},
    "destroy-orphan-keys": {
        "task": "helpline.vault.tasks.destroy_orphans",
        "schedule": crontab(minute="*/10"),
    },
    "verify-audit": {"task": "helpline.audit.tasks.verify", "schedule": crontab(minute="23")},
}


KEY_USERS = (conversations.keys_in_use, staff.keys_in_use)


def connect() -> None:
    """Make the tables true for this process."""
    events.wire(HEARS)
    outlook.connect(door=line_queries.door, places=line_queries.places_of)
    vault.connect(KEY_USERS)
    celery.conf.beat_schedule = BEAT
