"""E30 and E02: every column that could hold words is declared, and none can hold an identity."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connections, models
from django.test import Client

from chat.conversations import actions, queries
from chat.conversations.models import Message, Note
from helpline.inventory import COLUMNS, KEPT_EMPTY, REVIEWED, Kind
from helpline.vault.refusals import Tampered
from tests.people import TEAM_ORIGIN, host_of

OURS = ("helpline.", "chat.", "triage.")
WORDY = (models.CharField, models.TextField, models.JSONField, models.BinaryField, ArrayField)
SMELLY_TYPES = (
    models.GenericIPAddressField,
    models.EmailField,
    models.URLField,
    models.FileField,
    models.FilePathField,
)
SMELLY_NAME = re.compile(
    r"(^|_)(ip|addr|address|agent|ua|browser|device|fingerprint|geo|lat|lon|latitude|longitude"
    r"|location|city|street|postcode|zip|phone|tel|telephone|mobile|email|mail|referer|referrer"
    r"|cookie|host|hostname|forwarded|accept|path|url|query|birth|birthday|surname|bsn|iban)(_|$)"
)
SECRET = "hij heeft mijn paspoort"
NOTE = "ze klinkt bang"


def our_models() -> list[type[models.Model]]:
    return [model for model in every_model() if model.__module__.startswith(OURS)]


def every_model() -> list[type[models.Model]]:
    return list(apps.get_models(include_auto_created=True))


def wordy_columns() -> dict[str, set[str]]:
    found = {
        model._meta.label: {
            field.name for field in model._meta.local_fields if isinstance(field, WORDY)
        }
        for model in our_models()
    }
    return {label: names for label, names in found.items() if names}


def columns_of(kind: Kind) -> Iterator[tuple[type[models.Model], models.Field]]:
    for label, columns in COLUMNS.items():
        for name, declared in columns.items():
            if declared is kind:
                model = apps.get_model(label)
                yield model, model._meta.get_field(name)


def kept_empty() -> set[str]:
    return {f"{label}.{name}" for label, names in KEPT_EMPTY.items() for name in names}


# --- the table of columns ----------------------------------------------------------------


def test_E30_every_column_that_could_hold_words_is_declared():
    declared = {label: set(columns) for label, columns in COLUMNS.items()}
    assert declared == wordy_columns()


def test_E30_what_is_sealed_or_a_digest_has_the_type_for_it():
    for _model, field in columns_of(Kind.SEALED):
        assert isinstance(field, models.BinaryField), field
    for model, field in columns_of(Kind.CODED):
        short = field.base_field if isinstance(field, ArrayField) else field
        fixed = isinstance(short, models.CharField) and short.max_length <= 100
        assert fixed, f"{model._meta.label}.{field.name}: a code is short"


def test_E30_nothing_of_a_visitor_is_declared_as_something_of_the_team():
    for kind in (Kind.TEAM, Kind.PUBLIC):
        assert {model._meta.app_label for model, _field in columns_of(kind)} <= {"staff"}


def test_E02_no_column_of_any_table_smells_of_identity():
    smelly = {
        f"{model._meta.label}.{field.name}"
        for model in every_model()
        for field in model._meta.local_fields
        if isinstance(field, SMELLY_TYPES) or SMELLY_NAME.search(field.name)
    }
    assert smelly == set(REVIEWED) | kept_empty()


def test_E02_what_a_library_could_keep_of_somebody_stays_empty(ada):
    marked = Client(headers={"host": host_of(TEAM_ORIGIN), "user-agent": "Marked", "accept": "x/y"})
    for _ in range(7):
        typed = {"email": ada.member.email, "password": "wrong"}
        marked.post("/sign-in/", typed, REMOTE_ADDR="203.0.113.77")
    assert apps.get_model("axes.AccessAttempt").objects.exists()
    for label, names in KEPT_EMPTY.items():
        for row in apps.get_model(label).objects.values(*names):
            assert not any(row.values()), f"{label}: {row}"


@pytest.mark.parametrize(
    "name", ["ip", "client_ip", "ip_address", "user_agent", "geo_city", "phone", "e_mail"]
)
def test_E02_the_nose_works(name):
    assert SMELLY_NAME.search(name)


def test_E02_the_database_has_no_type_for_an_address_or_a_place():
    for alias in ("owner", "keys"):
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'public'"
                " AND data_type IN ('inet', 'cidr', 'macaddr', 'macaddr8', 'point', 'xml')"
            )
            found = {f"{table}.{column}" for table, column in cursor.fetchall()}
        empty = {name.lower().replace(".", "_", 1) for name in kept_empty()}
        assert found <= empty


def test_E02_every_table_in_the_database_is_one_we_know():
    known = {model._meta.db_table for model in every_model()} | {"django_migrations"}
    for alias in ("owner", "keys"):
        assert set(connections[alias].introspection.table_names()) <= known


# --- what is sealed, as the database has it ----------------------------------------------


@pytest.fixture
def talk(vera, cem):
    """A talk with two messages of Vera's and a note of Cem's."""
    vera.waits()
    vera.says(SECRET)
    vera.says("en mijn telefoon")
    cem.takes(vera)
    actions.add_note(conversation_id=vera.talk.pk, member_id=cem.id, text=NOTE)
    return vera.talk


def test_E30_the_database_holds_no_word_in_clear(talk):
    for alias in ("owner", "keys"):
        with connections[alias].cursor() as cursor:
            for table in connections[alias].introspection.table_names():
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                rows = "\n".join(row for (row,) in cursor.fetchall())
                for words in (SECRET, NOTE):
                    assert words not in rows
                    assert words.encode().hex() not in rows


def test_E30_boxes_swapped_between_two_messages_do_not_open(talk):
    one, other = talk.messages.exclude(box=None).order_by("number")
    Message.objects.filter(pk=one.pk).update(box=bytes(other.box))
    Message.objects.filter(pk=other.pk).update(box=bytes(one.box))
    with pytest.raises(Tampered):
        queries.rows(conversation=talk, after=0)


def test_E30_a_message_moved_among_the_notes_does_not_open(talk):
    message = talk.messages.exclude(box=None).order_by("number").first()
    Note.objects.update(box=bytes(message.box))
    with pytest.raises(Tampered):
        queries.notes(conversation=talk)


def test_E30_a_message_moved_to_another_talk_does_not_open(talk, victor):
    victor.waits()
    victor.says("van Victor")
    message = talk.messages.exclude(box=None).order_by("number").first()
    victor.talk.messages.exclude(box=None).update(box=bytes(message.box))
    with pytest.raises(Tampered):
        queries.rows(conversation=victor.talk, after=0)


def test_E30_the_same_words_of_two_talks_look_different(vera, victor):
    boxes = []
    for visitor in (vera, victor):
        visitor.waits()
        visitor.says(SECRET)
        boxes.append(bytes(visitor.talk.messages.exclude(box=None).get().box))
    assert boxes[0] != boxes[1]
    assert len(boxes[0]) == len(boxes[1])


def test_E30_a_second_factor_is_sealed_under_its_own_member_and_row(cem, cleo):
    devices = apps.get_model("staff.TotpDevice").objects
    mine, hers = devices.get(user_id=cem.id), devices.get(user_id=cleo.id)
    assert bytes.fromhex(mine.secret()) not in bytes(mine.box)
    mine.box = hers.box
    with pytest.raises(Tampered):
        mine.secret()
