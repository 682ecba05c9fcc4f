"""The load is a strict listener: what is lost, doubled, changed or out of order breaks the run."""

import json
from typing import Any

import pytest

from tests.load.crowd import Crowd
from tests.load.ends import Broken
from tests.load.talks import Talk
from tests.load.words import client_id_of, text_of

INDEX = 7


class Wire:
    """A socket that keeps what it should send."""

    is_cut = False

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []

    def say(self, text: str) -> None:
        self.said.append(json.loads(text))


@pytest.fixture
async def crowd() -> Crowd:
    return Crowd(port=1)


@pytest.fixture
def talk(crowd) -> Talk:
    """A talk at the product; both ends are connected and up to date."""
    crowd.add_clients(
        [{"index": INDEX, "talk": "a-talk", "said": 0, "visitor": "v", "counsellor": "c"}],
        counsellors=True,
    )
    (made,) = crowd.here = crowd.talks
    for end in made.ends:
        end.socket = Wire()
        end.seen = 2
    return made


@pytest.fixture
def plain(crowd) -> Talk:
    """A talk at a yardstick."""
    crowd.add_plain(1)
    (made,) = crowd.here = crowd.talks
    for end in made.ends:
        end.socket = Wire()
    return made


def row(number: int, **more: Any) -> dict[str, Any]:
    """The row of the visitor's message `number` - 2."""
    text = text_of(INDEX, number - 2)
    return {
        "type": "row",
        "number": number,
        "kind": "said",
        "author": "visitor",
        "text": text,
    } | more


def sent(number: int) -> dict[str, Any]:
    return {"type": "sent", "client_id": client_id_of(INDEX, number), "number": number + 2}


async def test_a_message_is_delivered_when_both_ends_have_it(crowd, talk):
    talk.say(0.0)
    talk.visitor.hear(sent(1))
    assert crowd.delivered == 0
    talk.counsellor.hear(row(3))
    assert crowd.delivered == 1
    assert len(crowd.latencies) == 1
    talk.visitor.hear(row(3))
    assert crowd.delivered == 1
    crowd.refuse_differences()


async def test_a_row_that_comes_again_is_harmless_at_the_product(crowd, talk):
    talk.say(0.0)
    for _ in range(2):
        talk.counsellor.hear(row(3))
    assert crowd.counted["heard_again"] == 1
    assert not crowd.trouble


async def test_a_row_that_comes_again_breaks_the_run_at_a_yardstick(crowd, plain):
    plain.say(0.0)
    frame = {"type": "row", "text": text_of(0, 1)}
    plain.visitor.hear(frame)
    assert not crowd.trouble
    plain.visitor.hear(frame)
    assert crowd.trouble


async def test_whoever_misses_a_row_asks_for_it_once(crowd, talk):
    talk.say(0.0)
    talk.counsellor.hear(row(4))
    talk.counsellor.hear(row(5))
    assert talk.counsellor.socket.said == [{"type": "resume", "talks": {"a-talk": 2}}]
    assert talk.counsellor.got == 0


@pytest.mark.parametrize("change", [{"text": "other words"}, {"text": text_of(INDEX, 2)}])
async def test_other_words_than_were_said_break_the_run(crowd, talk, change):
    talk.say(0.0)
    talk.counsellor.hear(row(3, **change))
    assert crowd.trouble


async def test_an_end_that_lacks_a_row_breaks_the_run(crowd, talk):
    talk.say(0.0)
    talk.visitor.hear(sent(1) | {"number": 4})
    talk.counsellor.hear(row(3))
    with pytest.raises(Broken, match="0 rows for 1"):
        crowd.refuse_differences()  # the visitor has not heard what stands before it


async def test_a_stored_message_that_was_never_said_breaks_the_run(crowd, talk):
    talk.say(0.0)
    talk.visitor.hear(sent(2))
    assert crowd.trouble


async def test_slow_down_and_busy_are_heeded_and_counted(crowd, talk, monkeypatch):
    later: list[Any] = []
    monkeypatch.setattr(crowd, "later", lambda seconds, act: later.append((seconds, act)))
    talk.say(0.0)
    for code in ("slow_down", "busy"):
        talk.visitor.hear({"type": "refused", "code": code, "client_id": client_id_of(INDEX, 1)})
    assert crowd.counted == {"slow_down": 1, "busy": 1}
    assert [seconds for seconds, _ in later] == [1.0, 1.0]
    later[0][1]()
    first, again = talk.visitor.socket.said
    assert first == again


async def test_any_other_refusal_breaks_the_run(crowd, talk):
    talk.visitor.hear({"type": "refused", "code": "talk_closed"})
    assert "talk_closed" in crowd.trouble


async def test_whoever_comes_back_says_again_what_was_not_stored(crowd, talk):
    talk.say(0.0)
    talk.visitor.opened(back := Wire())
    assert back.said == [{"type": "resume", "after": 2}]
    talk.visitor.hear({"type": "up_to_date", "last": 2, "state": "claimed"})
    assert back.said[1]["client_id"] == client_id_of(INDEX, 1)


async def test_a_message_that_is_due_too_early_waits_and_its_waiting_counts(crowd, talk):
    talk.say_when_quiet(1.0)
    talk.say_when_quiet(2.0)
    assert talk.said == 1
    talk.visitor.hear(sent(1))
    talk.counsellor.hear(row(3))
    assert (talk.said, talk.since) == (2, 2.0)
