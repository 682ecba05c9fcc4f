"""Fill the product's tables with what its verbs leave behind, thousands at a time.

    {"do": "talks", "count": 1500, "rows": 2, "alone": false}
    {"do": "rows", "first": 0, "count": 1500}

A process of its own, because it needs Django beside the benchmark's databases:
one order a line in, one answer a line out. Its file says who may come in.
Each talk has its own key and ticket, and a counsellor with a signed-in session.
Its first two rows say that it waited and was claimed; further rows are sealed.
"""

import json
import secrets
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import django

django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.db.models import F
from django_otp import DEVICE_ID_SESSION_KEY

from chat.conversations.models import Answers, Conversation, Message
from chat.visitors.middleware import COOKIE
from chat.visitors.models import Ticket
from chat.visitors.queries import digest_of as ticket_digest
from helpline.clock import now
from helpline.staff.models import Member, Session
from helpline.staff.rules import Role
from helpline.staff.sessions import STARTED, SessionStore
from helpline.staff.sessions import digest_of as session_digest
from helpline.vault.models import DataKey
from helpline.vault.queries import masters
from helpline.vault.sealing import KEY_BYTES, SealingKey
from tests.load.words import client_id_of, text_of
from triage.risk.models import Assessment
from triage.shifts.models import Presence

BATCH = 2000
AGO = timedelta(minutes=1)  # so that whoever comes now has a sign of life to leave


def make_talks(start: int, count: int, rows: int, *, alone: bool) -> list[dict[str, Any]]:
    """So many claimed talks with so many rows each; what one needs to enter them.

    Each has a counsellor of its own; where the visitors come `alone`, one has them all.
    """
    members = make_members(start, 1 if alone else count)
    owners = members * count if alone else members
    keys = forge(count)
    talks = Conversation.objects.bulk_create(
        make_talk(owner, key.key_id, rows) for owner, key in zip(owners, keys, strict=True)
    )
    Answers.objects.bulk_create(Answers(conversation=talk) for talk in talks)
    Assessment.objects.bulk_create(Assessment(conversation=talk) for talk in talks)
    Message.objects.bulk_create(
        row
        for place, (talk, key) in enumerate(zip(talks, keys, strict=True))
        for row in make_rows(talk, key, start + place, rows)
    )
    visitors, counsellors = give_tickets(talks), sign_in(members)
    return [
        {
            "index": start + place,
            "talk": str(talk.pk),
            "said": max(0, rows - 2),
            "visitor": visitors[place],
            "counsellor": "" if alone else counsellors[place],
        }
        for place, talk in enumerate(talks)
    ]


def make_members(start: int, count: int) -> list[Member]:
    """So many counsellors, all of them here."""
    members = Member.objects.bulk_create(
        make_member(start + place, key.key_id) for place, key in enumerate(forge(count))
    )
    Presence.objects.bulk_create(
        Presence(member=member, state=Presence.State.HERE, seen_at=now()) for member in members
    )
    return members


def forge(count: int) -> list[SealingKey]:
    """New data keys, as `vault.forge` makes them, opened."""
    ring, hour = masters(), now().replace(minute=0, second=0, microsecond=0)
    opened, kept = [], []
    for _ in range(count):
        key_id, secret = uuid4(), secrets.token_bytes(KEY_BYTES)
        wrapped = ring.wrap(secret, key_id=key_id)
        kept.append(DataKey(pk=key_id, master=wrapped.master, wrapped=wrapped.box, made_at=hour))
        opened.append(SealingKey(key_id, secret))
    DataKey.objects.bulk_create(kept, batch_size=BATCH)
    return opened


def make_member(index: int, key_id: UUID) -> Member:
    """A counsellor who signed in once and needs no password any more."""
    member = Member(
        email=f"load-{index}@bench.invalid",
        name=f"Load {index}",
        alias=f"L{index}",
        roles=[Role.COUNSELLOR.value],
        key_id=key_id,
    )
    member.set_unusable_password()
    return member


def make_talk(member: Member, key_id: UUID, rows: int) -> Conversation:
    moment = now() - AGO
    return Conversation(
        key_id=key_id,
        state=Conversation.State.CLAIMED,
        counsellor=member,
        last_number=rows,
        opened_at=moment,
        waiting_since=moment,
        claimed_at=moment,
        visitor_seen_at=moment,
    )


def make_rows(talk: Conversation, key: SealingKey, index: int, rows: int) -> list[Message]:
    """Waiting, claimed, and then whatever the visitor said."""
    kinds, authors = Message.Kind, Message.Author
    counsellor = talk.counsellor_id
    return [
        Message(conversation=talk, number=1, kind=kinds.WAITING, author=authors.VISITOR),
        Message(
            conversation=talk,
            number=2,
            kind=kinds.CLAIMED,
            author=authors.COUNSELLOR,
            member_id=counsellor,
        ),
        *(make_said(talk, key, index, number) for number in range(3, rows + 1)),
    ]


def make_said(talk: Conversation, key: SealingKey, index: int, number: int) -> Message:
    """The visitor's words at row `number`: the first stand at row 3."""
    row = Message(conversation=talk, number=number, author=Message.Author.VISITOR)
    row.client_id = UUID(client_id_of(index, number - 2))
    row.box = key.seal(text_of(index, number - 2), place=str(row))
    return row


def give_tickets(talks: Sequence[Conversation]) -> list[str]:
    """A ticket for each talk; the cookies of the visitors who hold them."""
    tokens = [secrets.token_urlsafe(32) for _ in talks]
    Ticket.objects.bulk_create(
        Ticket(
            digest=ticket_digest(token),
            csrf_secret=secrets.token_hex(16),
            conversation=talk,
            made_at=now() - AGO,
            seen_at=now() - AGO,
        )
        for token, talk in zip(tokens, talks, strict=True)
    )
    return [f"{COOKIE}={token}" for token in tokens]


def sign_in(members: Sequence[Member]) -> list[str]:
    """A session that passed both steps for each member; their cookies."""
    keys = [secrets.token_hex(16) for _ in members]
    moment = now()
    Session.objects.bulk_create(
        Session(
            key_digest=session_digest(key),
            member=member,
            verified=True,
            data=SessionStore().encode(session_of(member, moment.isoformat())),
            expire_date=moment + settings.STAFF_ABSOLUTE,
            seen_at=moment,
        )
        for key, member in zip(keys, members, strict=True)
    )
    return [f"{settings.SESSION_COOKIE_NAME}={key}" for key in keys]


def session_of(member: Member, started: str) -> dict[str, str]:
    """What signing in with a password and a code leaves in a session."""
    return {
        SESSION_KEY: str(member.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[-1],
        HASH_SESSION_KEY: member.get_session_auth_hash(),
        DEVICE_ID_SESSION_KEY: f"staff.totpdevice/{member.pk}",
        STARTED: started,
    }


def add_rows(seeds: Sequence[dict[str, Any]]) -> None:
    """One more message of the visitor in each talk, as if another tab had sent it."""
    ids = [UUID(seed["talk"]) for seed in seeds]
    talks = Conversation.objects.in_bulk(ids)
    keys = open_keys([talk.key_id for talk in talks.values()])
    rows = [
        make_said(talk, keys[talk.key_id], seed["index"], talk.last_number + 1)
        for seed, talk in zip(seeds, map(talks.__getitem__, ids), strict=True)
    ]
    with transaction.atomic():
        Message.objects.bulk_create(rows, batch_size=BATCH)
        Conversation.objects.filter(pk__in=ids).update(last_number=F("last_number") + 1)


def open_keys(key_ids: Sequence[UUID]) -> dict[UUID, SealingKey]:
    """These data keys, opened."""
    ring = masters()
    return {
        key.pk: SealingKey(key.pk, ring.unwrap(key.as_wrapped, key_id=key.pk))
        for key in DataKey.objects.filter(pk__in=key_ids)
    }


class Seeder:
    """What there is to enter, in a file that the load reads. Each method is an order."""

    def __init__(self, file: str) -> None:
        self.path = Path(file)
        self.seeds: list[dict[str, Any]] = []

    def talks(self, count: int, rows: int, alone: bool) -> dict[str, int]:
        """So many talks more; the place of the first."""
        first = len(self.seeds)
        while len(self.seeds) < first + count:
            size = min(BATCH, first + count - len(self.seeds))
            self.seeds += make_talks(len(self.seeds), size, rows, alone=alone)
        self.path.write_text(json.dumps(self.seeds))
        return {"first": first}

    def rows(self, first: int, count: int) -> dict[str, int]:
        """One more row in each of these talks."""
        add_rows(self.seeds[first : first + count])
        return {"added": count}


def main(file: str) -> None:
    """Follow orders until there are no more."""
    seeder = Seeder(file)
    for line in sys.stdin:
        order = json.loads(line)
        answer = getattr(seeder, order.pop("do"))(**order)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
