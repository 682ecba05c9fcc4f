"""The writer: many messages, one commit; no answer before it, and nobody pays for a neighbour."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import translation

from chat.conversations import actions, queries
from chat.conversations.actions import Post, Posted, ledger, post_messages
from chat.conversations.models import Conversation, Message
from chat.conversations.refusals import ConversationClosed
from chat.live import saying
from chat.visitors.models import Ticket
from helpline.errors import Busy, NotFound
from helpline.live import writer
from helpline.live.consumer import in_database
from helpline.live.hub import Hub
from helpline.live.writer import Writer
from helpline.staff.demo import make_member
from helpline.steps import Elsewhere, Query, done
from helpline.vault import actions as vault
from helpline.vault import held

VISITOR, COUNSELLOR = Message.Author.VISITOR, Message.Author.COUNSELLOR


def a_talk() -> UUID:
    talk = actions.open_conversation(language="nl").pk
    actions.start_waiting(conversation_id=talk)
    return talk


def said(talk: UUID, text: str = "hallo", **more) -> Post:
    return Post(talk, more.pop("author", VISITOR), more.pop("client_id", uuid4()), text, **more)


def texts(talk: UUID) -> list[str]:
    rows = queries.rows(conversation=Conversation.objects.get(pk=talk), after=0, limit=10_000)
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    return [row.text for row in rows if row.kind == "said"]


def apart(call, *args):
    """What `call` finds on a connection of its own: only what is committed."""

    def one():
        try:
            return call(*args)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(one).result(20)


@contextmanager
def held_by_somebody(talk: UUID) -> Iterator[None]:
    """Another transaction holds this talk."""
    with held_in_a_transaction(lambda: Conversation.objects.select_for_update().get(pk=talk)):
        yield


@contextmanager
def held_in_a_transaction(take, using: str = "default") -> Iterator[None]:
    """What `take` takes is held by a transaction in a thread of its own."""
    is_held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic(using=using):
                take()
                is_held.set()
                let_go.wait(30)
        finally:
            connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert is_held.wait(10)
        yield
    finally:
        let_go.set()
        holder.join(10)


# --- one slow talk delays nobody ---


async def test_a_talk_that_somebody_holds_waits_alone_and_keeps_its_order(vera, victor):
    await in_database(vera.waits)()
    await in_database(victor.waits)()
    talk = (await in_database(lambda: vera.talk)()).pk
    async with vera.socket() as hers, victor.socket() as his:
        with held_by_somebody(talk):
            first, second = [await hers.says(text) for text in ("een", "twee")]
            for turn in range(5):  # each acknowledged while hers cannot be
                client_id = await his.says(f"{turn}")
                await his.hears("sent", client_id=str(client_id))
            while not hers.wire.output_queue.empty():
                assert (await hers._next(1))["type"] not in ("sent", "refused")
            third = await hers.says("drie")
        numbers = [(await hers.hears("sent"))["client_id"] for _ in range(3)]
    assert numbers == [str(first), str(second), str(third)]
    assert await in_database(texts)(talk) == ["een", "twee", "drie"]


async def test_a_talk_that_is_held_for_too_long_is_answered_busy_and_the_words_stay_with_the_sender(
    vera,
):
    await in_database(vera.waits)()
    talk = (await in_database(lambda: vera.talk)()).pk
    Writer.here(saying.posted, order=saying.talk_of).patience = 0.05
    async with vera.socket() as phone:
        with held_by_somebody(talk):
            client_id = await phone.says("hallo?")
            refused = await phone.hears("refused")
            assert (refused["code"], refused["client_id"]) == ("busy", str(client_id))
        await phone.says("hallo?", client_id)  # the same again, and now it is there
        assert (await phone.hears("sent"))["client_id"] == str(client_id)
    assert await in_database(texts)(talk) == ["hallo?"]


# --- one refused message fails nobody in its group ---


class Mixed:
    """A group of all that can happen to a message."""

    def __init__(self) -> None:
        self.cem, cleo = make_member("cem", ["counsellor"]), make_member("cleo", ["counsellor"])
        self.good, closed, self.his, shredded = (a_talk() for _ in range(4))
        actions.assign(conversation_id=self.his, member_id=self.cem.pk)
        actions.close(conversation_id=closed, by=Conversation.ClosedBy.VISITOR)
        vault.destroy(Conversation.objects.get(pk=shredded).key_id)
        known, twice, stolen = uuid4(), uuid4(), uuid4()
        self.known = self.post(known, "al bekend")
        actions.post_message(
            conversation_id=self.his, author=COUNSELLOR, client_id=stolen, text="van cem",
            member_id=self.cem.pk,
        )  # fmt: skip
        desk = {"author": COUNSELLOR}
        self.group: list[tuple[Post, str | int]] = [
            (said(self.good, "een"), 3),
            (said(self.good, " \n"), "text_empty"),
            (said(closed), "talk_closed"),
            (said(self.his, "van mij", member_id=self.cem.pk, **desk), 4),
            (said(self.his, "niet van mij", member_id=cleo.pk, **desk), "not_found"),
            (said(self.his, "x", member_id=cleo.pk, client_id=stolen, **desk), "not_found"),
            (said(self.good, "niet mijn gesprek", member_id=cleo.pk, **desk), "not_found"),
            (said(uuid4()), "not_found"),
            (said(shredded), "shredded"),
            (said(self.good, "half \ud83d paar"), "text_unreadable"),
            (said(self.good, "nul \x00"), "text_unreadable"),
            (said(self.good, "x" * 4001), "text_too_long"),
            (said(self.good, "twee keer", client_id=twice), 4),
            (said(self.good, "twee keer", client_id=twice), 4),
            (said(self.good, "al bekend", client_id=known), self.known.number),
            (said(self.good, "laatste 🧡"), 5),
            (said(self.his, "en de bezoeker"), 5),
        ]
        self.posts = [post for post, _ in self.group]

    def post(self, client_id: UUID, text: str) -> Posted:
        return actions.post_message(
            conversation_id=self.good, author=VISITOR, client_id=client_id, text=text
        )

    def check(self, answers: list) -> None:
        said_of_each = [
            answer.number if isinstance(answer, Posted) else answer.code for answer in answers
        ]
        assert said_of_each == [expected for _, expected in self.group]
        assert texts(self.good) == ["al bekend", "een", "twee keer", "laatste 🧡"]
        assert texts(self.his) == ["van cem", "van mij", "en de bezoeker"]


def test_in_a_group_each_message_gets_its_own_answer_and_good_ones_stand():
    mixed = Mixed()
    with transaction.atomic():
        answers = done(post_messages(mixed.posts))
    mixed.check(answers)


async def test_through_the_writer_each_message_of_a_group_gets_its_own_answer():
    mixed, groups = await in_database(Mixed)(), []

    def call(posts):
        groups.append(len(posts))
        return post_messages(posts)

    asked = [Writer.here(call).ask(post) for post in mixed.posts]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    await in_database(mixed.check)(answers)
    assert groups == [len(mixed.posts)]  # one commit, and none was asked again


# --- after the commit ---


async def test_a_message_is_acknowledged_and_rung_only_when_others_can_see_it(monkeypatch):
    talk = await in_database(a_talk)()
    seen: list[tuple[str, list[str]]] = []

    def sees(what: str) -> None:
        seen.append((what, apart(texts, talk)))

    ring = Hub.ring
    monkeypatch.setattr(Hub, "ring", lambda hub, knock: (sees("rung"), ring(hub, knock)))
    answered = asyncio.get_running_loop().create_future()
    Writer.here(post_messages).tell(
        said(talk, "echt waar"), lambda answer: (sees("told"), answered.set_result(answer))
    )
    assert isinstance(await answered, Posted)
    async with asyncio.timeout(10):
        while len(seen) < 2:
            await asyncio.sleep(0.01)
    assert sorted(seen) == [("rung", ["echt waar"]), ("told", ["echt waar"])]


async def test_the_writers_commit_waits_for_the_disk_as_the_server_is_told():
    def call(questions):
        ((found,),) = yield Query("SHOW synchronous_commit", ())
        return [found] * len(questions)

    def of_the_house() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit'")
            return cursor.fetchone()[0]

    assert await Writer.here(call).ask(1) == await in_database(of_the_house)()


# --- what breaks ---


def terminate(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


class Noted:
    """Post, and keep on which connection each group was; a first group may lose it."""

    def __init__(self, *, is_cut: bool = False) -> None:
        self.is_cut, self.pids = is_cut, []
        self.groups: list[int] = []

    def __call__(self, posts):
        ((pid,),) = yield Query("SELECT pg_backend_pid()", ())
        self.pids.append(pid)
        self.groups.append(len(posts))
        if self.is_cut:
            self.is_cut = False
            yield Elsewhere(partial(terminate, pid))
        return (yield from post_messages(posts))


async def test_when_the_database_goes_everybody_is_told_busy_and_the_next_group_works():
    talks, noted = [await in_database(a_talk)() for _ in range(3)], Noted(is_cut=True)
    posts = [said(talk) for talk in talks]
    one = Writer.here(noted)
    answers = await asyncio.gather(*map(one.ask, posts), return_exceptions=True)
    assert [type(answer) for answer in answers] == [Busy] * 3
    assert [await in_database(texts)(talk) for talk in talks] == [[]] * 3
    answers = await asyncio.gather(*map(one.ask, posts))
    assert [answer.number for answer in answers] == [2, 2, 2]
    assert len(noted.pids) == 2 and noted.pids[0] != noted.pids[1]


@contextmanager
def nobody_writes() -> Iterator[None]:
    """Rows can be read and not written: every write waits."""
    lock = "LOCK TABLE conversations_message IN SHARE MODE"
    with held_in_a_transaction(lambda: connections["owner"].cursor().execute(lock), "owner"):
        yield


async def until_it_waits(pid: int) -> None:
    """Until this backend waits for a lock."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"

    def waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(asked, [pid])
            return bool(cursor.fetchone()[0])

    async with asyncio.timeout(10):
        while not await in_database(waits)():
            await asyncio.sleep(0.01)


async def test_when_the_database_goes_in_the_middle_of_the_write_nothing_is_half_done():
    talks, noted = [await in_database(a_talk)() for _ in range(3)], Noted()
    posts = [said(talk) for talk in talks]
    one = Writer.here(noted)
    with nobody_writes():
        asked = [one.ask(post) for post in posts]
        while not noted.pids:
            await asyncio.sleep(0.01)
        await until_it_waits(noted.pids[0])
        assert not any(answer.done() for answer in asked)
        await in_database(terminate)(noted.pids[0])
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(answer) for answer in answers] == [Busy] * 3
    answers = await asyncio.gather(*map(one.ask, posts))
    assert [answer.number for answer in answers] == [2, 2, 2]
    assert [await in_database(texts)(talk) for talk in talks] == [["hallo"]] * 3


async def test_a_write_that_was_given_up_and_done_after_all_is_still_one_row(monkeypatch):
    talk, noted = await in_database(a_talk)(), Noted()
    one, post = Writer.here(noted), said(talk, "eenmaal")
    monkeypatch.setattr(writer, "PATIENCE", 0.2)
    with nobody_writes(), pytest.raises(Busy):
        await one.ask(post)
    monkeypatch.setattr(writer, "PATIENCE", 10)
    assert (await one.ask(post)).number == 2
    assert (await one.ask(said(talk, "daarna"))).number == 3
    assert await in_database(texts)(talk) == ["eenmaal", "daarna"]


async def test_a_connection_that_died_while_nobody_wrote_costs_one_busy_and_no_message():
    talk, noted = await in_database(a_talk)(), Noted()
    one = Writer.here(noted)
    await one.ask(said(talk, "voor"))
    await in_database(terminate)(noted.pids[0])
    post, answer = said(talk, "na"), None
    for _ in range(2):
        (answer,) = await asyncio.gather(one.ask(post), return_exceptions=True)
        if not isinstance(answer, Busy):
            break
    assert isinstance(answer, Posted)
    assert await in_database(texts)(talk) == ["voor", "na"]


async def test_a_database_that_does_not_answer_is_given_up_and_left(monkeypatch):
    monkeypatch.setattr(writer, "PATIENCE", 0.1)
    talk, slow = await in_database(a_talk)(), [True]

    def call(posts):
        if slow:
            slow.pop()
            yield Query("SELECT pg_sleep(1.5)::text", ())
        return (yield from post_messages(posts))

    one = Writer.here(call)
    with pytest.raises(Busy):
        await one.ask(said(talk, "te laat"))
    monkeypatch.setattr(writer, "PATIENCE", 10)
    assert isinstance(await one.ask(said(talk, "op tijd")), Posted)
    assert await in_database(texts)(talk) == ["op tijd"]


async def test_a_message_that_came_in_between_is_not_written_twice_and_all_answers_are_right(
    monkeypatch,
):
    """The same message by another road, committed after we looked and before we write."""
    talk, other = await in_database(a_talk)(), await in_database(a_talk)()
    double, look, first, happened = uuid4(), ledger.look, [], []

    def by_http() -> None:
        first.append(
            actions.post_message(
                conversation_id=talk, author=VISITOR, client_id=double, text="dubbel"
            )
        )

    def looked(talks, marks):
        found = yield from look(talks, marks)
        if not happened:
            happened.append(True)
            yield Elsewhere(by_http)
        return found

    monkeypatch.setattr(ledger, "look", looked)
    posts = [said(other, "een"), said(talk, "dubbel", client_id=double), said(talk, "nieuw")]
    answers = await asyncio.gather(*map(Writer.here(post_messages).ask, posts))
    assert [answer.number for answer in answers] == [2, first[0].number, 3]
    assert await in_database(texts)(talk) == ["dubbel", "nieuw"]
    assert await in_database(texts)(other) == ["een"]


@pytest.mark.parametrize("what", ["closed", "given away"])
async def test_what_happened_to_the_talk_in_between_is_respected(monkeypatch, what):
    talk, look, happened = await in_database(a_talk)(), ledger.look, []
    cem, cleo = [await in_database(make_member)(name, ["counsellor"]) for name in ("cem", "cleo")]
    await in_database(actions.assign)(conversation_id=talk, member_id=cem.pk)

    def happens() -> None:
        happened.append(what)
        if what == "closed":
            return actions.close(conversation_id=talk, by=Conversation.ClosedBy.VISITOR)
        actions.offer_transfer(conversation_id=talk, member_id=cem.pk, to_id=cleo.pk)
        actions.accept_transfer(conversation_id=talk, member_id=cleo.pk)

    def looked(talks, marks):
        found = yield from look(talks, marks)
        if not happened:
            yield Elsewhere(happens)
        return found

    monkeypatch.setattr(ledger, "look", looked)
    post = said(talk, "te laat", author=COUNSELLOR, member_id=cem.pk)
    with pytest.raises(NotFound if what == "given away" else ConversationClosed):
        await Writer.here(post_messages).ask(post)
    assert await in_database(texts)(talk) == []


async def test_a_sign_of_life_in_between_does_not_keep_a_message_waiting(monkeypatch):
    talk, look, looks = await in_database(a_talk)(), ledger.look, []

    def looked(talks, marks):
        found = yield from look(talks, marks)
        looks.append(1)
        yield Elsewhere(partial(actions.mark_seen, conversation_ids=[talk]))
        return found

    monkeypatch.setattr(ledger, "look", looked)
    assert (await Writer.here(post_messages).ask(said(talk))).number == 2
    assert len(looks) == 1


async def test_a_question_that_breaks_fails_alone_and_its_neighbours_stand_once():
    talk = await in_database(a_talk)()

    def call(posts):
        if any(post.text == "boem" for post in posts):
            raise ZeroDivisionError
        return (yield from post_messages(posts))

    posts = [said(talk, text) for text in ("een", "boem", "twee")]
    answers = await asyncio.gather(*map(Writer.here(call).ask, posts), return_exceptions=True)
    assert isinstance(answers[1], ZeroDivisionError)
    assert [answers[0].number, answers[2].number] == [2, 3]
    assert await in_database(texts)(talk) == ["een", "twee"]


async def test_a_breakdown_tells_nobody_of_a_message_that_does_not_stand(monkeypatch):
    talk, rung = await in_database(a_talk)(), []
    ring = Hub.ring
    monkeypatch.setattr(Hub, "ring", lambda hub, knock: (rung.append(knock), ring(hub, knock)))
    answers = await asyncio.gather(
        Writer.here(Noted(is_cut=True)).ask(said(talk)), return_exceptions=True
    )
    assert isinstance(answers[0], Busy) and rung == []


async def test_without_the_keys_database_the_answer_is_busy(monkeypatch):
    talk = await in_database(a_talk)()

    def lost(key_ids):
        raise OperationalError("gone")

    monkeypatch.setattr(held, "open_keys", lost)
    held.let_go((await in_database(Conversation.objects.get)(pk=talk)).key_id)
    answers = await asyncio.gather(
        Writer.here(post_messages).ask(said(talk)), return_exceptions=True
    )
    assert isinstance(answers[0], Busy)


# --- back-pressure ---


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_when_too_much_waits_the_sender_hears_busy_at_once_in_their_language(vera, language):
    await in_database(vera.waits)()
    await in_database(Ticket.objects.update)(language=language)
    with translation.override(language):
        sentence = str(Busy.sentence)
    one = Writer.here(saying.posted, order=saying.talk_of)
    async with vera.socket() as phone:
        one.waiting = 0
        client_id = await phone.says("is daar iemand")
        assert await phone.hears("refused") == {
            "type": "refused",
            "code": "busy",
            "sentence": sentence,
            "client_id": str(client_id),
        }
        one.waiting = 100
        await phone.says("is daar iemand", client_id)
        assert (await phone.hears("sent"))["client_id"] == str(client_id)
    talk = (await in_database(lambda: vera.talk)()).pk
    assert await in_database(texts)(talk) == ["is daar iemand"]


async def test_messages_of_many_talks_are_few_commits():
    talks, noted = [await in_database(a_talk)() for _ in range(10)], Noted()
    one = Writer.here(noted)
    answers = await asyncio.gather(*(one.ask(said(talk)) for talk in talks for _ in range(10)))
    assert len(answers) == 100 and noted.groups == [100]
    assert [len(await in_database(texts)(talk)) for talk in talks] == [10] * 10
