"""A row that comes with its sealed copy costs no question, and every other road still ends well."""

import asyncio
import random
from typing import Any
from uuid import UUID

import pytest
import redis
from django.conf import settings

from chat.conversations import actions
from chat.live import delivery
from chat.live.consumers import TalksConsumer, VisitorConsumer
from chat.live.staff import StaffConsumer
from helpline.asgi import application
from helpline.errors import Busy
from helpline.live.consumer import in_database
from helpline.live.hub import PREFIX, Hub, Knock
from helpline.live.together import Together
from helpline.staff.actions import members
from helpline.staff.queries import signed_in
from helpline.vault import held
from tests.integration.test_channels_consumer import Driver
from tests.people import TEAM_ORIGIN, Socket, host_of
from tests.reader import Reader


@pytest.fixture
def talk(vera, cem) -> UUID:
    vera.waits()
    cem.takes(vera)
    return vera.talk.pk


@pytest.fixture
def questions(monkeypatch) -> list[Any]:
    """Every page that was asked of the database by a socket."""
    asked: list[Any] = []
    for name in ("to_visitors", "to_counsellors"):
        real = getattr(delivery, name)

        def counted(wanted, real=real):
            asked.extend(wanted)
            return real(wanted)

        monkeypatch.setattr(delivery, name, counted)
    return asked


@pytest.fixture
def rung(monkeypatch) -> list[Knock]:
    """Every knock of this process that brought a copy."""
    knocks: list[Knock] = []
    ring = Hub.ring

    def kept(hub: Hub, knock: Knock) -> None:
        if knock.copy:
            knocks.append(Knock(knock.channel, knock.kind, knock.number, knock.copy))
        ring(hub, knock)

    monkeypatch.setattr(Hub, "ring", kept)
    return knocks


async def opens(phone: Socket, desk: Socket, talk: UUID) -> None:
    """Both ends have all there is, and listen."""
    await phone.resumes()
    await phone.hears("row", kind="claimed")
    await phone.hears("up_to_date")
    await desk.sends(type="resume", talks={str(talk): 0})
    await desk.hears("row", kind="claimed")
    await desk.hears("up_to_date")


async def settled(end: Socket) -> None:
    """Take what is on the way; then nothing comes any more."""
    while not await end.hears_nothing(0.1):
        await end._next(1)


async def test_a_row_with_its_copy_is_shown_on_both_ends_without_a_question(
    vera, cem, talk, questions
):
    async with vera.socket() as phone, cem.socket() as desk:
        await opens(phone, desk, talk)
        await settled(phone)
        await settled(desk)
        questions.clear()
        for turn in range(4):
            text = f"{turn} é 🧡 \"<&\\ \n\t \u2028 ' \x7f"[:-2]
            await in_database(cem.says if turn % 2 else vera.says)(*([vera] * (turn % 2)), text)
            await phone.hears("row", number=turn + 3)
            await desk.hears("row", number=turn + 3)
        assert questions == []
        fast = phone.rows, desk.rows
    async with vera.socket() as phone, cem.socket() as desk:
        await opens(phone, desk, talk)
        await settled(phone)
        await settled(desk)
        assert (phone.rows, desk.rows) == fast
    assert [row.get("talk") for row in fast[0]] == [None] * 6
    assert {row["talk"] for row in fast[1]} == {str(talk)}


async def test_whoever_speaks_knows_the_number_and_misses_nothing_around_it(
    vera, cem, talk, questions
):
    async with vera.socket() as phone, cem.socket() as desk:
        await opens(phone, desk, talk)
        await settled(phone)
        await settled(desk)
        questions.clear()
        for turn in range(3):
            await phone.says(f"v{turn}")
            mine = (await phone.hears("sent"))["number"]
            await desk.hears("row", text=f"v{turn}", number=mine)
            await desk.says(f"c{turn}", talk=talk)
            theirs = (await desk.hears("sent"))["number"]
            await phone.hears("row", text=f"c{turn}", number=theirs)
        assert questions == []
        for end in (phone, desk):
            known = {row["number"] for row in end.rows}
            known |= {frame["number"] for frame in end.heard if frame["type"] == "sent"}
            assert known == set(range(1, 9))


# --- what may not be shown from a copy is fetched ---


def keys_are_not_at_hand(monkeypatch) -> None:
    monkeypatch.setattr(held, "at_hand", lambda key_id: None)


def rights_are_not_sure(monkeypatch) -> None:
    monkeypatch.setattr(StaffConsumer, "sure_for", -1.0)
    monkeypatch.setattr(VisitorConsumer, "sure_for", -1.0)


def copies_are_lost(monkeypatch) -> None:
    ring = Hub._ring
    monkeypatch.setattr(
        Hub, "_ring", lambda hub, knock: ring(hub, Knock(knock.channel, knock.kind, knock.number))
    )


def copies_are_forged(monkeypatch) -> None:
    ring = Hub._ring

    def forged(hub: Hub, knock: Knock) -> None:
        copy = (
            knock.copy[:30] + bytes([knock.copy[30] ^ 1]) + knock.copy[31:] if knock.copy else b""
        )
        ring(hub, Knock(knock.channel, knock.kind, knock.number, bytes(copy)))

    monkeypatch.setattr(Hub, "_ring", forged)


@pytest.mark.parametrize(
    "trouble", [keys_are_not_at_hand, rights_are_not_sure, copies_are_lost, copies_are_forged]
)
async def test_what_may_not_be_shown_from_its_copy_is_fetched_on_both_ends(
    vera, cem, talk, questions, monkeypatch, trouble
):
    trouble(monkeypatch)
    async with vera.socket() as phone, cem.socket() as desk:
        await opens(phone, desk, talk)
        await settled(phone)
        await settled(desk)
        questions.clear()
        await in_database(vera.says)("een")
        await phone.hears("row", text="een")
        await desk.hears("row", text="een")
        await in_database(cem.says)(vera, "twee")
        await phone.hears("row", text="twee")
        await desk.hears("row", text="twee")
        asked = {type(one).__name__ for one in questions}
    assert asked == {"Wanted", "WantedAt"}
    assert [row["number"] for row in phone.rows] == [row["number"] for row in desk.rows]


async def test_a_copy_that_is_rung_again_under_another_number_is_never_shown(
    vera, cem, talk, rung, questions
):
    async with vera.socket() as phone, cem.socket() as desk:
        await opens(phone, desk, talk)
        await in_database(vera.says)("een")
        await phone.hears("row", text="een")
        await desk.hears("row", text="een")
        await settled(phone)
        await settled(desk)
        questions.clear()
        with redis.from_url(settings.REDIS_URL) as store:
            again = Knock(rung[0].channel, "row", rung[0].number + 1, rung[0].copy)
            store.publish(PREFIX + again.channel, again.packed(b"deadbeef"))
        async with asyncio.timeout(10):
            while len(questions) < 2:  # both ends look, and find nothing
                await asyncio.sleep(0.01)
        await settled(phone)
        await settled(desk)
        assert [row["text"] for row in phone.rows][2:] == ["een"]
        await in_database(cem.says)(vera, "twee")
        await phone.hears("row", text="twee")
        await desk.hears("row", text="twee")
    for end in (phone, desk):
        assert [row["number"] for row in end.rows] == [1, 2, 3, 4]


async def test_a_former_counsellor_reads_no_copy_even_when_no_bell_told_them(
    vera, cem, cleo, talk, monkeypatch
):
    ring = Hub._ring
    async with vera.socket() as phone, cem.socket() as desk:
        await opens(phone, desk, talk)
        await settled(desk)
        monkeypatch.setattr(Hub, "_ring", lambda hub, knock: ring(hub, knock) if knock.copy else 0)
        offer, accept = map(in_database, (actions.offer_transfer, actions.accept_transfer))
        await offer(conversation_id=talk, member_id=cem.id, to_id=cleo.id)
        await accept(conversation_id=talk, member_id=cleo.id)
        await phone.resumes(2)
        await phone.hears("row", kind="transferred")
        await in_database(vera.says)("alleen voor cleo")
        await phone.hears("row", text="alleen voor cleo")
        assert (await desk.hears("gone"))["code"] == "not_found"
        await settled(desk)
        assert not any(frame.get("text") for frame in desk.heard)
        async with cleo.socket() as new:
            await new.sends(type="resume", talks={str(talk): 0})
            await new.hears("row", text="alleen voor cleo")


# --- lost, doubled, late, forged, and without keys ---


def make_rough(monkeypatch) -> None:
    """Knocks are lost, doubled, late or bare, and now and then a key is not at hand."""
    ring, kept = Hub._ring, []

    def rough(hub: Hub, knock: Knock) -> None:
        kept.append(knock)
        if random.random() < 0.1:
            held._keys.clear()
        match random.randrange(8):
            case 0:
                return
            case 1:
                ring(hub, knock)
                ring(hub, random.choice(kept))
            case 2:
                hub.loop.call_later(random.random() / 2, ring, hub, knock)
            case 3:
                ring(hub, Knock(knock.channel, knock.kind, knock.number))
            case _:
                ring(hub, knock)

    monkeypatch.setattr(Hub, "_ring", rough)


async def test_both_ends_show_the_same_whatever_happens_to_bells_and_copies(
    vera, cem, talk, monkeypatch
):
    make_rough(monkeypatch)
    async with (
        Reader(vera.socket(), beat=0.5) as phone,
        Reader(cem.socket(), talk=str(talk), beat=0.5) as desk,
    ):
        for turn in range(40):
            await (phone if turn % 2 else desk).says(f"{turn}")
            await asyncio.sleep(random.choice([0, 0.01, 0.05]))
        await phone.until(lambda: phone.seen == desk.seen == 42)
    assert phone.texts == desk.texts
    assert sorted(map(int, phone.texts)) == list(range(40))
    assert [{**row, "talk": str(talk)} for row in phone.rows.values()] == [
        desk.rows[number] for number in phone.rows
    ]


# --- a slow reader ---


async def test_a_reader_who_stops_reading_holds_nobody_up_and_later_has_everything_once(
    vera, cem, talk, monkeypatch
):
    monkeypatch.setattr("chat.conversations.actions.posting.BURST", 1000)
    headers = [(b"host", host_of(TEAM_ORIGIN).encode()), (b"origin", TEAM_ORIGIN.encode()),
               (b"cookie", cem.cookie.encode())]  # fmt: skip
    slow = Driver(application, {"path": "/ws/talks", "headers": headers})
    slow.says(type="resume", talks={str(talk): 0})
    await slow.until(lambda: any(frame["type"] == "up_to_date" for frame in slow.frames))
    (ear,) = {ear for ears in Hub.here().ears.values() for ear in ears}
    async with vera.socket() as phone:
        await phone.resumes()
        slow.reads.clear()
        for turn in range(150):
            await in_database(vera.says)(f"{turn}")
            await phone.hears("row", text=f"{turn}")  # each arrives while the other end is stuck
            assert len(ear.outbox._waiting or ()) <= ear.outbox.most
        assert len(ear._pending) <= 2 and len(ear._doing) <= 2
    shown = [frame for frame in slow.frames if frame["type"] == "row"]
    assert [row["kind"] for row in shown] == ["waiting", "claimed"]
    slow.reads.set()
    await slow.until(lambda: slow.frames[-1].get("text") == "149" or len(slow.rows) >= 152, 20)
    assert [row["number"] for row in slow.rows] == list(range(1, 153))
    slow.leaves()
    await slow.ends()


# --- the rounds ---


async def test_a_session_that_ended_closes_its_socket_within_a_round_without_any_bell(
    vera, cem, ada, talk, monkeypatch
):
    monkeypatch.setattr(Hub, "_ring", lambda hub, knock: None)
    monkeypatch.setattr(TalksConsumer, "beat_every", 1)
    async with cem.socket() as desk:
        await desk.sends(type="resume", talks={str(talk): 0})
        await desk.hears("up_to_date")
        await in_database(members.disable_member)(member_id=cem.id, by=ada.id)
        assert await desk.is_closed(10) == 4401
    assert not Hub.here().ears


async def test_a_ticket_that_ended_closes_its_socket_within_a_round_without_any_bell(
    vera, talk, monkeypatch
):
    monkeypatch.setattr(Hub, "_ring", lambda hub, knock: None)
    monkeypatch.setattr(VisitorConsumer, "beat_every", 1)
    async with vera.socket() as phone:
        await phone.resumes()
        await phone.hears("up_to_date")
        await in_database(vera.leaves)()
        assert await phone.is_closed(10) == 4401
    assert not Hub.here().ears


async def test_a_socket_that_cannot_be_asked_about_stays_open_and_is_no_longer_sure(
    vera, cem, talk, questions, monkeypatch
):
    monkeypatch.setattr(TalksConsumer, "beat_every", 1)
    monkeypatch.setattr(StaffConsumer, "sure_for", 0.3)
    async with vera.socket() as phone, cem.socket() as desk:
        await opens(phone, desk, talk)
        (ear,) = Hub.here().ears[f"member.{cem.id}"]
        beats, beaten = [], TalksConsumer.beaten

        def kept(socket: TalksConsumer, answer: Any) -> None:
            beats.append(answer)
            beaten(socket, answer)

        monkeypatch.setattr(TalksConsumer, "beaten", kept)
        Together.here(signed_in).waiting = 0  # nobody can be asked about
        async with asyncio.timeout(10):
            while sum(isinstance(answer, Busy) for answer in beats) < 2 or ear.is_sure:
                await asyncio.sleep(0.02)
        await settled(desk)
        await in_database(vera.says)("hoor je mij")
        await phone.hears("row", text="hoor je mij")
        await settled(desk)
        assert not any(frame.get("text") for frame in desk.heard)  # not from its copy
        Together.here(signed_in).waiting = 100
        await desk.sends(type="resume", talks={str(talk): 2})  # it was open all the time
        await desk.hears("row", text="hoor je mij")
