"""The audit over a real database: how entries are written, and how a broken chain is found."""

from datetime import UTC, date, datetime
from threading import Thread

import pytest
import time_machine
from django.core.management import CommandError
from django.db import DatabaseError, IntegrityError, OperationalError, connections, transaction

from helpline.audit import actions, queries, tasks
from helpline.audit.chain import NOTHING, START, Finding, Flaw
from helpline.audit.models import Entry, Head
from helpline.vault import actions as vault_actions
from helpline.vault import queries as vault
from tests.audit import CLAIM, DENIAL, as_owner, broken, verify


@pytest.fixture
def tamper():
    """Change tables as only the owner can: by taking the triggers away first."""

    def change(statement: str) -> None:
        with transaction.atomic(using="owner"):
            for table in ("audit_entry", "audit_head"):
                as_owner(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            as_owner(statement)
            for table in ("audit_entry", "audit_head"):
                as_owner(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    return change


@pytest.fixture
def twelve():
    """Twelve entries in a whole chain."""
    return [actions.record(**CLAIM) for _ in range(12)]


# --- writing ----------------------------------------------------------------------------


def test_entries_are_numbered_from_one_and_hang_together():
    with time_machine.travel(datetime(2026, 11, 22, 19, 47, 31, 5, tzinfo=UTC), tick=False):
        numbers = [actions.record(**CLAIM), actions.record(**CLAIM, outcome="taken")]
    one, two = Entry.objects.all()
    assert numbers == [one.number, two.number] == [1, 2]
    assert (bytes(one.previous), bytes(two.previous)) == (NOTHING, bytes(one.hash))
    assert one.hour == datetime(2026, 11, 22, 19, tzinfo=UTC)
    assert (one.actor, one.role, one.verb, one.outcome) == (3, "counsellor", "claimed", "done")
    assert (two.subject, two.reference, two.outcome) == ("talk", "ab12", "taken")
    assert queries.head() == (2, bytes(two.hash))
    assert verify().startswith("2 regels, keten heel.")


def test_an_entry_is_written_with_the_change_or_not_at_all():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.record(**CLAIM)
        raise ZeroDivisionError
    assert queries.head() == START
    assert actions.record(**CLAIM) == 1


def test_an_attempt_stays_written_although_the_caller_rolls_back():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Entry.objects.count()  # the transaction is really open
        actions.record_apart(**DENIAL)
        raise ZeroDivisionError
    assert [entry.outcome for entry in Entry.objects.all()] == ["not_yours"]
    assert actions.record_apart(**DENIAL) == 2
    assert verify().startswith("2 regels")


def test_an_attempt_stays_written_in_a_transaction_that_is_already_broken():
    with pytest.raises(IntegrityError), transaction.atomic():
        try:
            Head.objects.bulk_create([Head(id=2, number=0, hash=b"")])
        except DatabaseError:
            actions.record_apart(**DENIAL)
        raise IntegrityError
    assert queries.head().number == 1


def test_who_holds_the_pen_and_writes_apart_is_refused_and_does_not_hang(monkeypatch):
    monkeypatch.setattr(actions, "PATIENCE", "100ms")
    with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
        actions.record(**CLAIM)
        actions.record_apart(**DENIAL)
    assert queries.head() == START


def test_many_writers_make_one_chain():
    def write() -> None:
        for turn in range(10):
            with transaction.atomic():
                actions.record(**CLAIM)
                if turn % 3 == 0:
                    transaction.set_rollback(True)
            actions.record_apart(**DENIAL)
        connections.close_all()

    threads = [Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify().startswith("96 regels, keten heel.")


@pytest.mark.parametrize(
    "wrong",
    [
        {"verb": "shouted"},
        {"role": "king"},
        {"subject": "weather"},
    ],
)
def test_what_is_not_in_the_lists_is_refused(wrong):
    with pytest.raises(ValueError, match="is not a valid"):
        actions.record(**(CLAIM | wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        {"reference": "mijn vader slaat mij"},
        {"reference": "vera@example.nl"},
        {"reference": "x" * 101},
        {"outcome": "he said no"},
        {"outcome": ""},
        {"outcome": "Nee"},
        {"outcome": "done\n"},
    ],
)
def test_words_are_refused_by_the_database(wrong):
    with pytest.raises(DatabaseError):
        actions.record(**(CLAIM | wrong))
    assert queries.head() == START


def test_a_talk_loses_its_name_with_its_key():
    key_id = vault_actions.forge()
    handle = vault.open_key(key_id).handle("audit")
    actions.record(**(CLAIM | {"reference": handle}))
    assert queries.about(vault.open_key(key_id).handle("audit")).count() == 1
    vault_actions.destroy(key_id)
    assert verify().startswith("1 regel, keten heel.")
    other = vault.open_key(vault_actions.forge()).handle("audit")
    assert queries.about(other).count() == 0


def test_the_auditor_asks_by_day_by_member_and_by_thing():
    with time_machine.travel(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)):  # 00:30 in Amsterdam
        actions.record(**CLAIM)
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC)):
        actions.record(**(CLAIM | {"actor": 4, "reference": "cd34"}))
    numbers = [
        [entry.number for entry in found]
        for found in (
            queries.entries(),
            queries.of_day(date(2026, 11, 22)),
            queries.of_day(date(2026, 11, 23)),
            queries.by_actor(4),
            queries.about("ab12"),
        )
    ]
    assert numbers == [[2, 1], [], [2, 1], [2], [1]]


# --- what verify_audit finds ----------------------------------------------------------------


def test_a_whole_audit_says_so_and_where_it_stands(twelve):
    said, stand = verify().splitlines()
    assert said == "12 regels, keten heel."
    assert stand == f"Stand: 12:{queries.head().hash.hex()}"


def test_an_empty_audit_is_whole():
    assert verify().startswith("0 regels, keten heel.")


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE audit_entry SET actor = 9 WHERE number = 5", "Regel 5 is veranderd."),
        ("UPDATE audit_entry SET actor = NULL WHERE number = 5", "Regel 5 is veranderd."),
        ("UPDATE audit_entry SET verb = 'closed' WHERE number = 1", "Regel 1 is veranderd."),
        (
            "UPDATE audit_entry SET hour = hour + interval '1 hour' WHERE number = 12",
            "Regel 12 is veranderd.",
        ),
        ("DELETE FROM audit_entry WHERE number = 5", "Regel 5 ontbreekt."),
        ("DELETE FROM audit_entry WHERE number < 4", "Regel 1 tot en met 3 ontbreekt."),
        (
            "DELETE FROM audit_entry WHERE number > 10",
            "Aan het eind ontbreekt regel 11 tot en met 12.",
        ),
        ("DELETE FROM audit_entry", "Aan het eind ontbreekt regel 1 tot en met 12."),
        (
            "UPDATE audit_head SET number = 10",
            "Regel 10 volgt niet op de regel ervoor.\n"
            "Regel 11 tot en met 12 is buiten de keten toegevoegd.",
        ),
        (
            "INSERT INTO audit_entry SELECT 13, hour, actor, role, verb, subject, reference,"
            " outcome, hash, previous FROM audit_entry WHERE number = 12",
            "Regel 13 is buiten de keten toegevoegd.",
        ),
    ],
)
def test_what_was_done_behind_our_back_is_named(twelve, tamper, statement, sentence):
    tamper(statement)
    assert broken() == sentence


def test_a_tail_cut_off_together_with_its_head_needs_a_witness(twelve, tamper):
    witness = f"{queries.head().number}:{queries.head().hash.hex()}"
    assert verify("--witness", witness).startswith("12 regels, keten heel.")
    tamper(
        "DELETE FROM audit_entry WHERE number > 8;"
        "UPDATE audit_head SET number = 8,"
        " hash = (SELECT hash FROM audit_entry WHERE number = 8)"
    )
    assert verify().startswith("8 regels, keten heel.")
    assert broken("--witness", witness) == "Regel 12 is niet de regel die eerder is genoteerd."


def test_the_beat_looks_too_and_says_what_it_found(twelve, tamper, caplog):
    assert tasks.verify() == 0
    tamper("DELETE FROM audit_entry WHERE number IN (3, 7)")
    assert tasks.verify() == 2
    assert caplog.records[-1].msg == {"event": "audit_broken", "count": 12, "failed": 2}


def test_a_witness_of_another_form_is_refused(twelve):
    with pytest.raises(CommandError, match="witness"):
        verify("--witness", "no")


def test_entries_written_while_verifying_are_no_flaw(twelve):
    end = queries.head()
    actions.record(**CLAIM)
    assert list(queries.findings(end=end)) == []


def test_an_entry_smuggled_in_while_verifying_is_a_flaw(twelve, tamper):
    end = queries.head()
    tamper(
        "INSERT INTO audit_entry SELECT 14, hour, actor, role, verb, subject, reference,"
        " outcome, hash, previous FROM audit_entry WHERE number = 12"
    )
    assert list(queries.findings(end=end)) == [Finding(Flaw.TAIL_UNKNOWN, 13, 14)]
