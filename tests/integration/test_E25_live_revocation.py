"""E25: whoever loses a right loses it within five seconds, also with a socket open."""

import pytest

from chat.conversations import actions
from helpline.live.consumer import in_database
from helpline.live.hub import Hub
from helpline.staff.actions import members
from tests.reader import Reader


@pytest.fixture
def talk(vera, cem):
    vera.waits()
    cem.takes(vera)
    return vera.talk.pk


async def test_E25_a_disabled_member_hears_nothing_more(vera, cem, ada, talk):
    async with cem.socket() as desk:
        await desk.sends(type="resume", talks={str(talk): 0})
        await desk.hears("up_to_date")
        await in_database(members.disable_member)(member_id=cem.id, by=ada.id)
        assert await desk.is_closed(5) == 4401
        before = len(desk.heard)
        await in_database(vera.says)("dit is niet meer voor cem")
    assert not any(frame.get("text") for frame in desk.heard[before:])


async def test_E25_a_disabled_member_hears_nothing_even_when_no_bell_rings(
    vera, cem, ada, talk, monkeypatch
):
    async with cem.socket() as desk:
        await desk.sends(type="resume", talks={str(talk): 0})
        await desk.hears("up_to_date")
        monkeypatch.setattr(Hub, "_ring", lambda self, knock: None)
        await in_database(members.disable_member)(member_id=cem.id, by=ada.id)
        await desk.sends(type="resume", talks={str(talk): 0})
        assert await desk.is_closed(5) == 4401
    assert [row["kind"] for row in desk.rows] == ["waiting", "claimed"]  # from before


async def test_E25_after_a_transfer_the_former_counsellor_reads_and_writes_nothing(
    vera, cem, cleo, talk
):
    async with (
        Reader(cem.socket(), talk=str(talk)) as former,
        Reader(cleo.socket(), talk=str(talk)) as new,
    ):
        await former.until(lambda: former.seen == 2)
        offer = in_database(actions.offer_transfer)
        await offer(conversation_id=talk, member_id=cem.id, to_id=cleo.id)
        await in_database(actions.accept_transfer)(conversation_id=talk, member_id=cleo.id)
        await former.until(lambda: former.gone, 5)
        await in_database(vera.says)("alleen voor cleo")
        await new.until(lambda: new.texts == ["alleen voor cleo"], 5)
        await former.says("ik ben er nog")
    assert former.texts == []
    assert (await in_database(cem.says)(vera, "en zo dan"))["code"] == "not_found"


async def test_E25_an_erased_talk_disappears_from_the_counsellors_screen(vera, cem, talk):
    async with Reader(cem.socket(), talk=str(talk)) as desk:
        await in_database(vera.says)("wis mij")
        await desk.until(lambda: desk.texts == ["wis mij"])
        await in_database(vera.posts)("erase")
        await desk.until(lambda: desk.gone, 5)
    assert {f["code"] for f in desk.socket.heard if f["type"] == "gone"} == {"erased"}


async def test_E25_a_ticket_that_was_left_behind_is_dead_at_once(vera, talk):
    async with vera.socket() as phone:
        await phone.resumes()
        await phone.hears("up_to_date")
        cookie = vera.cookie
        await in_database(vera.leaves)()
        assert await phone.is_closed(5) == 4401
    vera.client.cookies["__Host-t"] = cookie.partition("=")[2]
    get = in_database(vera.client.get)
    assert (await get("/rows?after=0", headers={"Accept": "application/json"})).status_code == 401
