"""E21: whoever comes is queued with an honest word, or told who else is there now."""

from triage.shifts import actions as shifts


def page_of(visitor) -> str:
    return visitor.client.get("/").content.decode()


def test_E21_with_nobody_on_shift_the_door_says_so_and_names_others(vera):
    page = page_of(vera)
    assert "Er zit nu even niemand klaar" in page and "0800-2000" in page
    vera.waits()
    assert vera.talk.state == "waiting"


def test_E21_with_somebody_on_shift_the_door_says_that_we_are_here(vera, cem):
    assert "We zijn er nu." in page_of(vera)


def test_E21_with_everybody_busy_the_door_says_how_many_wait(vera, victor, cem, settings):
    settings.TALKS_AT_ONCE = 0
    victor.waits()
    assert "Er wacht nu één iemand voor je." in page_of(vera)
    assert vera.waits().talk.state == "waiting"


def test_E21_behind_a_closed_door_there_are_others_and_nobody_is_queued(vera, olu):
    shifts.close_door(member_id=olu.id)
    assert "We zijn nu dicht." in page_of(vera) and "112" in page_of(vera)
    answer = vera.posts("enter")
    assert answer.status_code == 409
    assert "We zijn nu dicht." in answer.content.decode()


def test_E21_whoever_waits_when_the_door_closes_keeps_the_place(vera, olu, cem):
    vera.waits()
    shifts.close_door(member_id=olu.id)
    assert vera.says("ik sta er nog")["type"] == "sent"
    cem.takes(vera)
    assert vera.talk.state == "claimed"
