"""The vault over a real database of keys."""

from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from threading import Barrier, Thread
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from helpline.vault import actions, queries
from helpline.vault.checks import master_keys_can_be_read
from helpline.vault.masters import new_master
from helpline.vault.models import DataKey
from helpline.vault.refusals import MasterMissing, Shredded, Tampered, TooManyOrphans

PLACE = "conversation:x/message:1"


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


@pytest.fixture
def rotated(settings):
    """Put a new master key in front; called as often as wanted."""

    def rotate(name: str, *, keep_old: bool = True) -> None:
        old = f",{settings.MASTER_KEYS}" if keep_old else ""
        settings.MASTER_KEYS = new_master(name) + old

    return rotate


# --- one key ---------------------------------------------------------------------------


def test_what_is_sealed_under_a_forged_key_opens_until_it_is_destroyed():
    key_id = actions.forge()
    box = queries.open_key(key_id).seal("hij heeft mijn paspoort", place=PLACE)
    assert queries.open_key(key_id).open(box, place=PLACE) == "hij heeft mijn paspoort"

    actions.destroy(key_id)
    with pytest.raises(Shredded):
        queries.open_key(key_id)
    assert not DataKey.objects.exists()


def test_destroying_twice_or_nothing_is_no_trouble():
    key_id = actions.forge()
    actions.destroy(key_id)
    actions.destroy(key_id)
    actions.destroy(uuid4())
    assert not DataKey.objects.exists()


def test_two_keys_open_nothing_of_each_other():
    one, other = queries.open_key(actions.forge()), queries.open_key(actions.forge())
    with pytest.raises(Tampered):
        other.open(one.seal("x", place=PLACE), place=PLACE)
    assert one.handle("audit") != other.handle("audit")


def test_a_key_is_safe_although_the_row_that_needs_it_never_comes():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        key_id = actions.forge()
        raise ZeroDivisionError
    assert queries.open_key(key_id).key_id == key_id


def test_a_destroyed_key_stays_destroyed_although_the_caller_rolls_back():
    key_id = actions.forge()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.destroy(key_id)
        raise ZeroDivisionError
    with pytest.raises(Shredded):
        queries.open_key(key_id)


@pytest.mark.parametrize("act", [actions.forge, partial(actions.destroy, uuid4()), actions.rewrap])
def test_nothing_is_done_in_a_transaction_on_the_keys_that_may_roll_back(act):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(using="keys"):
        act()


def test_the_table_holds_no_key_in_clear_and_no_minute():
    with time_machine.travel(datetime(2026, 11, 22, 19, 47, 31, tzinfo=UTC), tick=False):
        key_id = actions.forge()
    row = DataKey.objects.get()
    assert row.made_at == datetime(2026, 11, 22, 19, tzinfo=UTC)
    secret = queries.masters().unwrap(row.as_wrapped, key_id=key_id)
    assert secret not in bytes(row.wrapped)
    assert len(secret) == 32


def test_the_keys_are_in_a_database_of_their_own():
    actions.forge()
    assert "vault_datakey" not in connections["default"].introspection.table_names()
    assert "audit_entry" not in connections["keys"].introspection.table_names()


def test_a_wrapped_key_moved_to_another_row_does_not_open():
    one, other = actions.forge(), actions.forge()
    rows = {row.pk: row for row in DataKey.objects.all()}
    rows[one].wrapped, rows[other].wrapped = rows[other].wrapped, rows[one].wrapped
    DataKey.objects.bulk_update(rows.values(), ["wrapped"])
    for key_id in (one, other):
        with pytest.raises(Tampered):
            queries.open_key(key_id)


# --- rotation ---------------------------------------------------------------------------


def test_rotating_brings_every_key_under_the_newest_master(rotated):
    for _ in range(7):
        actions.forge()
    rotated("new")
    actions.forge()  # under the new one already
    assert run("rotate_keys", "--batch", "3") == "7 sleutels omgezet, 0 over"
    assert queries.keys_by_master() == {"new": 8}


def test_another_master_under_the_same_name_opens_nothing(rotated):
    rotated("new")
    key_id = actions.forge()
    rotated("new", keep_old=False)
    with pytest.raises(Tampered):
        queries.open_key(key_id)


def test_after_rotating_the_old_master_may_go(rotated, settings):
    keys = [actions.forge() for _ in range(3)]
    boxes = [queries.open_key(key).seal(str(key), place=PLACE) for key in keys]
    rotated("new")
    run("rotate_keys")
    settings.MASTER_KEYS = settings.MASTER_KEYS.partition(",")[0]
    for key, box in zip(keys, boxes, strict=True):
        assert queries.open_key(key).open(box, place=PLACE) == str(key)


def test_check_says_which_master_is_still_needed(rotated):
    actions.forge()
    old = queries.masters().newest
    rotated("new")
    assert run("rotate_keys", "--check") == f"new: 0 (nieuwste)\n{old}: 1 (nog nodig)"
    run("rotate_keys")
    assert run("rotate_keys", "--check") == "new: 1 (nieuwste)"


def test_rotation_stopped_half_way_goes_on_where_it_was(rotated):
    for _ in range(5):
        actions.forge()
    rotated("new")
    step = actions.rewrap(batch=2)
    assert (step.done, step.failed) == (2, [])
    assert run("rotate_keys") == "3 sleutels omgezet, 0 over"
    assert run("rotate_keys") == "0 sleutels omgezet, 0 over"


def test_a_batch_that_is_killed_changes_nothing(rotated, monkeypatch):
    key_id = actions.forge()
    rotated("new")
    monkeypatch.setattr(actions, "Rewrapped", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.rewrap()
    assert DataKey.objects.get(pk=key_id).master != "new"


def test_a_key_that_does_not_open_is_left_and_named(rotated):
    for _ in range(3):
        actions.forge()
    broken = DataKey.objects.order_by("pk")[1]
    DataKey.objects.filter(pk=broken.pk).update(wrapped=b"\x01" + bytes(60))
    rotated("new")
    with pytest.raises(CommandError, match=str(broken.pk)):
        run("rotate_keys", "--batch", "1")
    assert sorted(queries.keys_by_master().values()) == [1, 2]


def test_keys_may_be_destroyed_while_others_are_rewrapped(rotated):
    keys = [actions.forge() for _ in range(40)]
    rotated("new")
    start = Barrier(2)

    def destroy_some():
        start.wait()
        for key_id in keys[::2]:
            actions.destroy(key_id)
        connections.close_all()

    thread = Thread(target=destroy_some)
    thread.start()
    start.wait()
    run("rotate_keys", "--batch", "1")
    thread.join()
    assert set(DataKey.objects.values_list("pk", flat=True)) == set(keys[1::2])
    assert queries.keys_by_master() == {"new": 20}


def test_check_keys_opens_every_key_once(rotated):
    keys = [actions.forge() for _ in range(3)]
    assert run("check_keys") == "3 sleutels, alle gaan open."
    DataKey.objects.filter(pk=keys[0]).update(master="lost")
    out = StringIO()
    with pytest.raises(CommandError, match="1 van 3"):
        call_command("check_keys", stdout=out)
    assert out.getvalue().strip() == str(keys[0])
    with pytest.raises(MasterMissing):
        queries.open_key(keys[0])


def test_make_key_prints_what_master_keys_takes(settings):
    settings.MASTER_KEYS = f"{run('make_key', '--name', '2027')},{run('make_key')}"
    assert queries.masters().newest == "2027"
    assert master_keys_can_be_read() == []


def test_a_master_key_of_another_form_stops_the_start(settings):
    settings.MASTER_KEYS = "m1:secret-but-short"
    (error,) = master_keys_can_be_read()
    assert error.id == "vault.E001"
    assert "secret" not in error.msg


# --- orphans -----------------------------------------------------------------------------


def test_only_old_keys_that_nothing_uses_are_swept():
    with time_machine.travel(datetime.now(UTC) - timedelta(days=2)):
        used, orphan = actions.forge(), actions.forge()
    young = actions.forge()
    assert actions.destroy_orphans(in_use=iter([used])) == 1
    assert set(DataKey.objects.values_list("pk", flat=True)) == {used, young}
    assert orphan not in {used, young}


def test_a_sweep_that_would_take_too_many_takes_none():
    with time_machine.travel(datetime.now(UTC) - timedelta(days=2)):
        for _ in range(3):
            actions.forge()
    with pytest.raises(TooManyOrphans):
        actions.destroy_orphans(in_use=[], most=2)
    assert DataKey.objects.count() == 3


def test_who_uses_keys_is_asked_after_the_keys_are_read():
    """So a key whose row comes between the two questions is never an orphan."""
    with time_machine.travel(datetime.now(UTC) - timedelta(days=2)):
        key_id = actions.forge()
    asked = []

    def in_use():
        asked.append(DataKey.objects.count())
        yield key_id

    assert actions.destroy_orphans(in_use=in_use()) == 0
    assert asked == [1]


def test_the_main_database_is_not_asked_for_keys(django_assert_num_queries):
    key_id = actions.forge()
    with django_assert_num_queries(0, connection=connection):
        queries.open_key(key_id)
    with django_assert_num_queries(1, connection=connections["keys"]):
        queries.open_key(key_id)
