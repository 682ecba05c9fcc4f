"""E15: fifty writers at once give 1..N, and no reader ever skips a number."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.db import connections, transaction

from chat.conversations import queries
from chat.conversations.actions import post_message
from chat.conversations.models import Conversation, Message

WRITERS = 50


def test_E15_fifty_writers_with_slow_commits_leave_no_gap_and_no_reader_skips(vera):
    vera.waits()
    talk = vera.talk.pk
    done, skipped, seen = threading.Event(), [], [0]

    def write(turn: int) -> None:
        try:
            with transaction.atomic():  # a commit that takes its time
                post_message(
                    conversation_id=talk,
                    author=Message.Author.VISITOR,
                    client_id=uuid4(),
                    text=f"bericht {turn}",
                )
                time.sleep(random.random() / 100)
        finally:
            connections.close_all()

    def read() -> None:
        try:
            while not done.is_set() or seen[0] < WRITERS + 1:
                conversation = Conversation.objects.get(pk=talk)
                for row in queries.rows(conversation=conversation, after=seen[0]):
                    if row.number != seen[0] + 1:
                        skipped.append((seen[0], row.number))
                    seen[0] = row.number
                if done.is_set() and not queries.rows(conversation=conversation, after=seen[0]):
                    break
        finally:
            connections.close_all()

    reader = threading.Thread(target=read)
    reader.start()
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    done.set()
    reader.join(30)

    numbers = list(Message.objects.filter(conversation_id=talk).values_list("number", flat=True))
    assert sorted(numbers) == list(range(1, WRITERS + 2))  # the first row is "waiting"
    assert skipped == [] and seen[0] == WRITERS + 1
