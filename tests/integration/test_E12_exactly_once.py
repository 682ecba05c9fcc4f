"""E12: the same message twenty times is one row, one number, one answer."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connections

from chat.conversations.actions import post_message
from chat.conversations.models import Message
from helpline.live.consumer import in_database


def test_E12_one_client_id_posted_twenty_times_at_once_is_one_row(vera):
    vera.waits()
    talk, client_id = vera.talk.pk, uuid4()

    def post(_: int) -> tuple[int, str]:
        try:
            row = post_message(
                conversation_id=talk,
                author=Message.Author.VISITOR,
                client_id=client_id,
                text="help",
            )
            return row.number, row.at.isoformat()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(post, range(20)))

    assert len(answers) == 1
    assert Message.objects.filter(conversation_id=talk, kind="said").count() == 1


def test_E12_an_answer_that_was_lost_is_given_again(vera):
    vera.waits()
    client_id = uuid4()
    first = vera.says("ben je daar", client_id)
    again = vera.says("ben je daar", client_id)
    assert first == again and first["type"] == "sent"
    assert [row["text"] for row in vera.reads() if row["kind"] == "said"] == ["ben je daar"]


def test_E12_the_same_form_sent_twice_is_one_message(vera):
    vera.waits()
    client_id = str(uuid4())
    for _ in range(2):
        assert vera.posts("say", text="zonder script", client_id=client_id).status_code == 303
    assert [row["text"] for row in vera.reads() if row["kind"] == "said"] == ["zonder script"]


def test_E12_one_client_id_of_both_sides_is_two_messages(vera, cem):
    vera.waits()
    cem.takes(vera)
    client_id = uuid4()
    assert vera.says("van mij", client_id)["type"] == "sent"
    assert cem.says(vera, "van mij", client_id)["type"] == "sent"
    assert len([row for row in vera.reads() if row["kind"] == "said"]) == 2


async def test_E12_a_socket_that_dies_before_the_answer_loses_and_doubles_nothing(vera):
    await in_database(vera.waits)()
    client_id = uuid4()
    async with vera.socket() as dying:
        await dying.says("net voor de tunnel", client_id)
        await dying.hears("sent")  # it is stored; imagine that this answer never arrived
    async with vera.socket() as fresh:
        await fresh.says("net voor de tunnel", client_id)
        sent = await fresh.hears("sent")
        await fresh.resumes()
        await fresh.hears("up_to_date")
    said = [row for row in fresh.rows if row["kind"] == "said"]
    assert [(row["number"], row["client_id"]) for row in said] == [(sent["number"], str(client_id))]


@pytest.mark.parametrize("attempt", range(3))
def test_E12_a_retry_after_closing_still_gives_the_first_answer(vera, attempt):
    vera.waits()
    client_id = uuid4()
    first = vera.says("op tijd", client_id)
    vera.posts("close")
    assert vera.says("op tijd", client_id) == first
    assert vera.says("te laat")["code"] == "talk_closed"
