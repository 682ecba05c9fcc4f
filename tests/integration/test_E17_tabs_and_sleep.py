"""E17: two tabs, a laptop that slept, a phone between networks: all show the same."""

from chat.conversations.actions import posting
from helpline.live.consumer import in_database
from tests.reader import Reader


async def begin(vera, cem) -> str:
    await in_database(vera.waits)()
    await in_database(cem.takes)(vera)
    return str((await in_database(lambda: vera.talk)()).pk)


async def test_E17_two_tabs_of_one_visitor_show_the_same_talk(vera, cem):
    talk = await begin(vera, cem)
    async with (
        Reader(vera.socket()) as one,
        Reader(vera.socket()) as two,
        Reader(cem.socket(), talk=talk) as desk,
    ):
        await one.says("uit de ene")
        await two.says("uit de andere")
        await desk.says("ik zie ze allebei")
        await one.until(lambda: len(one.texts) == len(two.texts) == len(desk.texts) == 3)
    assert one.texts == two.texts == desk.texts


async def test_E17_a_laptop_that_slept_catches_up_when_it_wakes(vera, cem, monkeypatch):
    monkeypatch.setattr(posting, "BURST", 1000)  # an afternoon of talking, in a moment
    talk = await begin(vera, cem)
    sleeper = Reader(cem.socket(), talk=talk)
    async with sleeper:
        await sleeper.until(lambda: sleeper.seen == 2)
    for turn in range(250):  # more than one page of rows
        await in_database(vera.says)(f"{turn}")
    awake = Reader(cem.socket(), talk=talk)
    awake.rows = dict(sleeper.rows)  # what was on the screen before the lid closed
    async with awake:
        await awake.until(lambda: len(awake.texts) == 250)
    assert awake.texts == [f"{turn}" for turn in range(250)]


async def test_E17_a_phone_that_changes_network_sends_again_and_nothing_doubles(vera, cem):
    await begin(vera, cem)
    async with Reader(vera.socket()) as home_wifi:
        sent = await home_wifi.says("onderweg")
        await home_wifi.until(lambda: sent in home_wifi.sent)
    async with Reader(vera.socket()) as mobile:
        await mobile.socket.says("onderweg", sent)  # the answer got lost in the change
        await mobile.until(lambda: sent in mobile.sent and mobile.texts == ["onderweg"])
    assert mobile.sent[sent] == home_wifi.sent[sent]


async def test_E17_a_network_without_sockets_is_enough(vera, cem):
    talk = await begin(vera, cem)
    await in_database(vera.says)("alleen http")
    frames = await in_database(cem.reads)(talk)
    assert [f["text"] for f in frames if f["type"] == "row" and f["kind"] == "said"] == [
        "alleen http"
    ]
    assert frames[-1] == {"type": "up_to_date", "talk": talk, "last": 3, "state": "claimed"}
