"""The board's socket: fast when bells ring, sure when they do not, and only for the team."""

from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from chat.conversations.models import Conversation
from helpline.clock import now
from helpline.live.consumer import in_database
from helpline.live.hub import Hub
from helpline.staff.actions import members
from helpline.staff.models import Session
from triage.live import consumers
from triage.shifts.models import Presence

BOARD = "/ws/board"


def talks(board: dict) -> list[str]:
    return [entry["talk"] for entry in board["entries"]]


@asynccontextmanager
async def desk_of(member):
    """A desk that is open and has had its first board."""
    async with member.socket(BOARD) as desk:
        await desk.hears("board")
        yield desk


async def beats(desk, *, active: bool = False) -> dict:
    await desk.sends(type="beat", active=active)
    return await desk.hears("board")


async def test_E22_who_arrives_is_on_every_board_within_three_seconds_with_an_alert(
    vera, cem, cleo, olu
):
    async with desk_of(cem) as one, desk_of(cleo) as two, desk_of(olu) as three:
        for desk in (one, two, three):
            assert talks(await beats(desk)) == []
        await in_database(vera.waits)()
        talk = str((await in_database(lambda: vera.talk)()).pk)
        for desk in (one, two, three):
            alert = await desk.hears("alert", timeout=3)
            assert alert == {"type": "alert", "kind": "arrived"}
            assert talks(await desk.hears("board", timeout=3)) == [talk]


async def test_E22_it_comes_within_three_seconds_too_when_no_bell_ever_rings(
    vera, cem, monkeypatch
):
    async with desk_of(cem) as desk:
        await beats(desk)
        monkeypatch.setattr(Hub, "_ring", lambda self, knock: None)
        await in_database(vera.waits)()
        alert = await desk.hears("alert", timeout=consumers.LOOK_EVERY + 0.5)
        assert alert["kind"] == "arrived"


async def test_a_colleagues_question_alerts_the_one_who_is_asked(vera, cem, cleo):
    await in_database(vera.waits)()
    await in_database(cem.takes)(vera)
    talk = (await in_database(lambda: vera.talk)()).pk
    async with desk_of(cleo) as desk:
        await beats(desk)
        await in_database(cem.posts)(f"/desk/talks/{talk}/offer", to=cleo.id)
        assert (await desk.hears("alert", timeout=3))["kind"] == "offered"


async def test_who_goes_away_leaves_the_board_by_itself(vera, cem, settings):
    await in_database(vera.waits)()
    async with desk_of(cem) as desk:
        assert len(talks(await beats(desk))) == 1
        gone = now() - settings.VISITOR_GONE_AFTER - timedelta(seconds=1)
        await in_database(Conversation.objects.update)(visitor_seen_at=gone)
        board = await desk.hears("board", timeout=4)
    assert (talks(board), board["away"]) == ([], 1)


async def test_a_board_that_did_not_change_is_not_sent_again(cem, monkeypatch):
    monkeypatch.setattr(consumers, "LOOK_EVERY", 0.05)
    async with desk_of(cem) as desk:
        assert await desk.hears_nothing(0.5)


async def test_a_beat_is_a_sign_of_life_and_only_hands_keep_the_login_awake(cem):
    long_ago = now() - timedelta(minutes=20)
    async with desk_of(cem) as desk:
        await in_database(Presence.objects.update)(seen_at=long_ago)
        await in_database(Session.objects.update)(seen_at=long_ago)
        await desk.sends(type="beat", active=False)
        await desk.hears("board", on_duty=1)
        assert (await in_database(Presence.objects.get)()).seen_at > long_ago
        assert (await in_database(Session.objects.get)(member=cem.id)).seen_at == long_ago
        await beats(desk, active=True)
        assert (await in_database(Session.objects.get)(member=cem.id)).seen_at > long_ago


async def test_E25_a_desk_that_lost_its_right_closes_within_five_seconds(cem, ada, monkeypatch):
    monkeypatch.setattr(Hub, "_ring", lambda self, knock: None)
    async with desk_of(cem) as desk:
        await beats(desk)
        await in_database(members.disable_member)(member_id=cem.id, by=ada.id)
        assert await desk.is_closed(5) == 4401


@pytest.mark.parametrize("who", ["pia", "ana", "udo", "ada"])
async def test_E24_the_board_is_only_for_who_works_the_desk(who, request):
    somebody = await in_database(request.getfixturevalue)(who)
    async with somebody.socket(BOARD) as desk:
        assert await desk.is_closed() == 4401


async def test_E24_a_frame_of_another_shape_is_refused_and_the_desk_lives(cem):
    async with desk_of(cem) as desk:
        for frame in ({"type": "beat", "talk": 1}, {"type": "say"}, {}):
            await desk.sends(**frame)
            assert (await desk.hears("refused"))["code"] == "unreadable"
        await beats(desk)


async def test_the_board_speaks_the_members_language(vera, cem):
    await in_database(vera.waits)()
    await in_database(type(cem.member).objects.filter(pk=cem.id).update)(language="en")
    async with desk_of(cem) as desk:
        (entry,) = (await beats(desk))["entries"]
    assert entry["level"] == "routine"
