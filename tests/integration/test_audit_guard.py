"""What the database itself refuses: the web role's few rights, and the owner's."""

import os
from datetime import UTC, datetime
from importlib import import_module

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction

from helpline.audit import actions, checks, queries, rights
from helpline.audit.chain import NOTHING, START
from helpline.audit.models import Entry, Head
from tests.audit import CLAIM, as_owner, verify

apart = pytest.mark.skipif(not rights.roles_are_apart(), reason="here the web role owns the tables")


@pytest.fixture
def twelve():
    """Twelve entries in a whole chain."""
    return [actions.record(**CLAIM) for _ in range(12)]


# --- what the database refuses ------------------------------------------------------------

CHANGES = [
    "UPDATE audit_entry SET actor = 9",
    "UPDATE audit_entry SET actor = 9 WHERE false",
    "DELETE FROM audit_entry",
    "DELETE FROM audit_entry WHERE number = 12",
    "UPDATE audit_head SET number = 11",
    "DELETE FROM audit_head",
    "INSERT INTO audit_head VALUES (2, 0, '')",
    "INSERT INTO audit_head VALUES (1, 0, '')",
    "MERGE INTO audit_entry USING audit_head ON true WHEN MATCHED THEN DELETE",
    "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE number = 1"
    " ON CONFLICT (number) DO UPDATE SET actor = 9",
    "WITH gone AS (DELETE FROM audit_entry RETURNING 1) SELECT count(*) FROM gone",
]
BY_WEB = [
    *CHANGES,
    "TRUNCATE audit_entry",
    "TRUNCATE audit_head",
    "TRUNCATE audit_entry, audit_head CASCADE",
    "SELECT number FROM audit_head FOR UPDATE",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_entry_stays ON audit_entry",
    "DROP TABLE audit_entry",
    "DROP FUNCTION audit_refuse() CASCADE",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NULL; END'",
    "SELECT audit_follow()",
    "CREATE TEMP TABLE mine (LIKE audit_entry);"
    "CREATE TRIGGER t BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION audit_follow()",
    "CREATE RULE r AS ON DELETE TO audit_entry DO INSTEAD NOTHING",
    "UPDATE django_migrations SET app = ''",
]


@apart
@pytest.mark.parametrize("statement", BY_WEB)
def test_the_web_role_can_only_add(twelve, statement):
    before = list(Entry.objects.values())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(Entry.objects.values()) == before
    assert verify().startswith("12 regels, keten heel.")


@pytest.mark.parametrize("statement", CHANGES)
def test_the_owner_cannot_change_it_either(twelve, statement):
    before = list(Entry.objects.values())
    with pytest.raises(DatabaseError):
        as_owner(statement)
    assert list(Entry.objects.values()) == before
    assert verify().startswith("12 regels, keten heel.")


@pytest.mark.parametrize(
    "change",
    [
        {"number": 14},  # leaves a gap
        {"number": 12},
        {"number": 1},
        {"number": None},
        {"previous": NOTHING},
        {"previous": None},
        {"hash": b"short"},
        {"hash": None},
        {"hour": datetime(2026, 11, 22, 19, 1, tzinfo=UTC)},
        {"hour": datetime(2026, 11, 22, 19, 0, 0, 1, tzinfo=UTC)},
    ],
)
def test_an_entry_that_does_not_follow_is_refused(twelve, change):
    row = Entry.objects.filter(number=12).values().get()
    row |= {"number": 13, "previous": bytes(queries.head().hash)} | change
    with pytest.raises(DatabaseError):
        Entry.objects.bulk_create([Entry(**row)])
    assert queries.head().number == 12


@apart
def test_the_web_role_cannot_give_itself_more():
    with connection.cursor() as cursor:
        cursor.execute("GRANT ALL ON audit_entry, audit_head TO CURRENT_USER")  # only warns
    assert checks.web_role_cannot_change_the_audit(["default"]) == []


@pytest.fixture
def real_database():
    """The audit's tables in a database that no test runner made."""
    name = f"guarded_{os.getpid()}"
    as_owner(f"CREATE DATABASE {name}")
    with connections["owner"].schema_editor(collect_sql=True) as editor:
        editor.create_model(Entry)
        editor.create_model(Head)
    real = connections["owner"].copy()
    real.settings_dict["NAME"] = name
    guard = import_module("helpline.audit.migrations.0002_guard")
    first = import_module("helpline.audit.migrations.0003_first_head")
    parts = [*editor.collected_sql, guard.APPEND, guard.REFUSE, guard.TRUNCATE, first.START]
    with real.cursor() as cursor:
        for part in parts:
            cursor.execute(part)
    yield real
    real.close()
    as_owner(f"DROP DATABASE {name}")


@pytest.mark.parametrize("tables", ["audit_entry", "audit_head", "audit_head, audit_entry"])
def test_the_owner_cannot_empty_it(real_database, tables):
    with real_database.cursor() as cursor, pytest.raises(DatabaseError, match="TRUNCATE"):
        cursor.execute(f"TRUNCATE {tables}")


def test_between_our_tests_it_begins_again(twelve):
    assert connections["owner"].settings_dict["NAME"].startswith("test_")
    as_owner("TRUNCATE audit_entry, audit_head")
    assert queries.head() == START
    assert actions.record(**CLAIM) == 1


# --- rights and checks ------------------------------------------------------------------------


@apart
def test_migrating_gives_the_web_role_its_rights_again():
    web = psycopg.sql.Identifier(settings.DATABASES["default"]["USER"])
    revoke = psycopg.sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(web)
    widen = psycopg.sql.SQL("GRANT ALL ON audit_entry, audit_head TO {}").format(web)
    for statement in (revoke, widen):
        as_owner(statement)
    assert [error.id for error in checks.web_role_cannot_change_the_audit(["default"])] == [
        "audit.E003"
    ]
    call_command("migrate", database="owner", verbosity=0)
    assert checks.web_role_cannot_change_the_audit(["default"]) == []
    assert actions.record(**CLAIM) == 1


def test_going_back_and_forth_through_the_migrations_leaves_a_whole_audit():
    actions.record(**CLAIM)
    call_command("migrate", "audit", "zero", database="owner", verbosity=0)
    call_command("migrate", "audit", "0001", database="owner", verbosity=0)
    call_command("migrate", database="owner", verbosity=0)
    assert verify().startswith("0 regels, keten heel.")
    assert actions.record(**CLAIM) == 1


def test_the_checks_see_one_role_for_both_and_a_key_of_another_form(settings, monkeypatch):
    assert checks.audit_key_can_be_read() == []
    settings.AUDIT_KEY = "short"
    assert [error.id for error in checks.audit_key_can_be_read()] == ["audit.E001"]
    owner = settings.DATABASES["owner"]
    monkeypatch.setitem(settings.DATABASES, "default", owner | {"NAME": "test_real"})
    found = [error.id for error in checks.web_role_is_not_the_owner()]
    assert found == ["audit.W001", "audit.E002"]


def test_nothing_is_asked_of_the_database_unless_it_is_named():
    assert checks.web_role_cannot_change_the_audit(None) == []
    assert checks.web_role_cannot_change_the_audit(["owner"]) == []
