"""What may come in is bounded, by whatever road it comes."""

import json
from uuid import uuid4

import pytest
from channels.testing import HttpCommunicator

from chat.conversations.actions import posting
from chat.conversations.models import Conversation, Message
from helpline.asgi import application
from helpline.edge import LONGEST_BODY
from helpline.staff import refusals
from helpline.staff.actions import members
from helpline.vault import queries as vault
from helpline.vault.refusals import Shredded
from tests.people import VISITOR_ORIGIN, host_of

HOST = (b"host", host_of(VISITOR_ORIGIN).encode())


async def answer_to(body: bytes, *headers: tuple[bytes, bytes]) -> int:
    wire = HttpCommunicator(application, "POST", "/", body=body, headers=[HOST, *headers])
    return (await wire.get_response())["status"]


async def test_a_body_that_is_too_long_is_refused_before_it_is_read():
    length = str(LONGEST_BODY + 1).encode()
    assert await answer_to(b"do=enter", (b"content-length", length)) == 413
    assert await answer_to(b"do=enter", (b"content-length", b"9" * 5000)) == 413
    assert await answer_to(b"x" * (LONGEST_BODY + 1)) == 413  # and without saying so


async def test_two_hosts_in_one_request_are_refused():
    assert await answer_to(b"", (b"host", b"team.localhost")) == 400


def test_an_upload_is_not_stored_and_changes_nothing(vera, tmp_path):
    vera.waits()
    picture = tmp_path / "foto.jpg"
    picture.write_bytes(b"\xff\xd8" + b"x" * 50_000)
    with picture.open("rb") as upload:
        vera.client.post("/", {"do": "say", "client_id": str(uuid4()), "text": "", "foto": upload})
    assert not Message.objects.filter(kind="said").exists()


def test_the_plain_road_is_as_narrow_as_the_socket(vera, monkeypatch):
    monkeypatch.setattr(posting, "BURST", 20)
    vera.waits()
    answers = [vera.says(f"{turn}") for turn in range(30)]
    assert [a["type"] for a in answers[:20]] == ["sent"] * 20
    assert {a.get("code") for a in answers[22:]} == {"slow_down"}


def test_a_talk_has_an_end(vera, monkeypatch):
    monkeypatch.setattr(posting, "LONGEST_TALK", 3)
    vera.waits()
    assert [vera.says("x").get("code") for _ in range(3)] == [None, None, "talk_full"]


def test_wiping_reaches_the_talks_before_this_one_too(vera):
    vera.waits()
    vera.says("in het eerste gesprek")
    first = vera.talk
    vera.posts("close")
    vera.posts("again")
    assert vera.talk.pk != first.pk
    vera.posts("erase")
    first.refresh_from_db()
    assert first.erased and first.shredded and not first.messages.exists()
    with pytest.raises(Shredded):
        vault.open_key(first.key_id)


def test_whoever_left_in_another_tab_is_told_so(vera, monkeypatch):
    vera.waits()
    other_tab = vera.client.cookies["__Host-t"].value
    vera.leaves()
    vera.client.cookies["__Host-t"] = other_tab
    answer = vera.client.post(
        "/rows",
        json.dumps({"type": "say", "client_id": str(uuid4()), "text": "x"}),
        content_type="application/json",
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 401
    assert Conversation.objects.filter(state="closed").count() == 1


def test_an_admin_does_not_make_herself_a_counsellor(ada):
    with pytest.raises(refusals.NotYourOwnRoles):
        members.change_member(
            member_id=ada.id, by=ada.id, name="Ada", roles=["admin", "counsellor"]
        )
