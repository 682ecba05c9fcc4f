"""Held keys: few, for a short while, in memory only, and gone with what they opened."""

import copy
import gc
import pickle
import threading
from uuid import UUID, uuid4

import pytest
from django.db import connections

from helpline.live.consumer import in_database
from helpline.live.hub import Hub
from helpline.vault import actions, held, queries
from helpline.vault.models import DataKey
from helpline.vault.sealing import SealingKey


@pytest.fixture(autouse=True)
def nothing_held():
    held._keys.clear()
    yield
    held._keys.clear()


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    moment = [1000.0]
    monkeypatch.setattr(held, "monotonic", lambda: moment[0])
    return moment


def a_key(key_id: UUID | None = None) -> SealingKey:
    return SealingKey(key_id or uuid4(), b"k" * 32)


def visits(monkeypatch) -> list[set[UUID]]:
    """What the vault is asked for, call by call."""
    asked, real = [], queries.open_keys
    monkeypatch.setattr(queries, "open_keys", lambda ids: asked.append(set(ids)) or real(ids))
    return asked


def test_a_key_is_fetched_once_and_then_at_hand(monkeypatch):
    one, two, asked = actions.forge(), actions.forge(), visits(monkeypatch)
    assert held.at_hand(one) is None
    assert held.open_keys([one]).keys() == {one}
    assert held.open_keys([one, two]).keys() == {one, two}
    assert held.open_keys([one, two]).keys() == {one, two}
    assert asked == [{one}, {two}]
    box = held.at_hand(one).seal("hij heeft mijn paspoort", place="x")
    assert queries.open_key(one).open(box, place="x") == "hij heeft mijn paspoort"


def test_a_key_is_at_hand_for_a_minute_from_when_it_was_opened_however_often_it_is_used(clock):
    key_id = actions.forge()
    first = held.open_keys([key_id])[key_id]
    clock[0] += held.HELD_FOR - 1
    assert held.open_keys([key_id])[key_id] is first
    clock[0] += 1
    assert held.at_hand(key_id) is None
    assert held.open_keys([key_id])[key_id] is not first  # opened anew


def test_no_more_keys_are_held_than_most_and_the_oldest_go_first(monkeypatch):
    monkeypatch.setattr(held, "MOST", 3)
    keys = [a_key() for _ in range(5)]
    for key in keys:
        held.hold({key.key_id: key})
        assert len(held._keys) <= 3
    assert [held.at_hand(key.key_id) for key in keys] == [None, None, *keys[2:]]
    held.hold({key.key_id: key for key in keys})  # more at once than may be held
    assert len(held._keys) == 3


def test_what_is_old_leaves_the_memory_when_another_key_comes(clock):
    old = [a_key() for _ in range(5)]
    held.hold({key.key_id: key for key in old})
    clock[0] += held.HELD_FOR
    new = a_key()
    held.hold({new.key_id: new})
    assert list(held._keys) == [new.key_id]


def test_what_is_old_leaves_the_memory_even_when_nobody_opens_another(clock):
    key_id = uuid4()
    held.hold({key_id: a_key(key_id)})
    clock[0] += held.HELD_FOR * 10
    assert held.at_hand(key_id) is None
    gc.collect()
    assert not [one for one in gc.get_objects() if isinstance(one, tuple) and key_id in one]
    assert key_id not in held._keys


def test_a_destroyed_key_is_let_go_at_once():
    key_id = actions.forge()
    held.open_keys([key_id])
    actions.destroy(key_id)
    assert held.at_hand(key_id) is None and held.open_keys([key_id]) == {}
    actions.destroy(key_id)  # safe to repeat


def test_a_key_that_is_opened_while_it_is_destroyed_is_not_held(monkeypatch):
    key_id, let_go = actions.forge(), held.let_go

    def opens() -> None:
        try:
            held.open_keys([key_id])
        finally:
            connections.close_all()

    def let_go_and_open(gone: UUID) -> None:
        let_go(gone)
        if DataKey.objects.filter(pk=gone).exists():  # somebody posts at this very moment
            somebody = threading.Thread(target=opens)
            somebody.start()
            somebody.join(10)

    monkeypatch.setattr(held, "let_go", let_go_and_open)
    actions.destroy(key_id)
    assert held.at_hand(key_id) is None


def test_many_threads_may_hold_and_let_go_at_once(monkeypatch):
    monkeypatch.setattr(held, "MOST", 10)
    keys, errors = [a_key() for _ in range(30)], []

    def work(turn: int) -> None:
        try:
            for step in range(200):
                key = keys[(step * turn) % len(keys)]
                held.hold({key.key_id: key})
                held.at_hand(key.key_id)
                held.let_go(keys[step % len(keys)].key_id)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(turn,)) for turn in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert errors == [] and len(held._keys) <= 10


def test_a_held_key_is_never_shown_pickled_or_copied():
    key = SealingKey(uuid4(), b"geheim-geheim-geheim-geheim-1234")
    held.hold({key.key_id: key})
    for shown in (repr(key), str(key), repr(held._keys), f"{held.at_hand(key.key_id)}"):
        assert "geheim" not in shown and key._namer.hex() not in shown
        assert repr(key._namer) not in shown
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            attempt(held.at_hand(key.key_id))
        with pytest.raises(TypeError):
            attempt({key.key_id: key} if attempt is not copy.copy else key)


async def test_erasing_a_talk_ends_the_fast_path_at_once_on_both_ends(vera, cem, monkeypatch):
    await in_database(vera.waits)()
    await in_database(cem.takes)(vera)
    talk = await in_database(lambda: vera.talk)()
    rung, ring = [], Hub.ring
    monkeypatch.setattr(Hub, "ring", lambda hub, knock: (rung.append(knock), ring(hub, knock)))
    async with vera.socket() as phone, cem.socket() as desk:
        await phone.resumes()
        await phone.hears("up_to_date")
        await desk.sends(type="resume", talks={str(talk.pk): 0})
        await desk.hears("up_to_date")
        await in_database(vera.says)("wis mij straks")
        await phone.hears("row", text="wis mij straks")
        await desk.hears("row", text="wis mij straks")
        assert held.at_hand(talk.key_id) is not None
        await in_database(vera.posts)("erase")
        assert held.at_hand(talk.key_id) is None
        for end, more in ((phone, {}), (desk, {"talk": str(talk.pk)})):
            if end is desk:
                assert (await end.hears("gone"))["code"] == "erased"
            heard = len(end.heard)
            for knock in [one for one in rung if one.copy]:  # somebody kept the bell and rings it
                again = type(knock)(knock.channel, knock.kind, knock.number, knock.copy)
                Hub.here()._ring(again)
                assert again.opened is None
            assert not any(frame.get("text") for frame in end.heard[heard:]), more
