"""What a visitor reads about opening, waiting and who else can help."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from chat.conversations.rows import Row
from chat.visitors import helplines, wording
from chat.visitors.outlook import Door, Place

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SUNDAY = datetime(2026, 11, 22, 15, 0, tzinfo=AMSTERDAM)


@pytest.fixture(autouse=True)
def dutch():
    with translation.override("nl"):
        yield


@pytest.mark.parametrize(
    ("later", "sentence"),
    [
        (timedelta(hours=4), "Om 19.00 uur zijn we er weer."),
        (timedelta(hours=9, minutes=30), "Morgen om 00.30 uur zijn we er weer."),
        (timedelta(days=1, hours=4), "Morgen om 19.00 uur zijn we er weer."),
        (timedelta(days=2, hours=4), "Op dinsdag om 19.00 uur zijn we er weer."),
    ],
)
def test_opening_is_told_in_the_time_of_here(later, sentence):
    moment = (SUNDAY + later).astimezone(ZoneInfo("UTC"))
    assert wording.opens(moment, SUNDAY.astimezone(ZoneInfo("UTC"))) == sentence


def test_nothing_is_promised_when_nobody_knows_when_we_open():
    assert wording.opens(None, SUNDAY) == ""


@pytest.mark.parametrize(
    ("found", "ahead", "minutes"),
    [
        (Place(0), "Je bent als eerste aan de beurt.", "We weten nog niet hoe lang het duurt."),
        (Place(1, 10, 25), "Er wacht nu één iemand voor je.", "tussen de 10 en 25 minuten"),
        (Place(4, 0, 5), "Er wachten nu 4 mensen voor je.", "niet langer dan 5 minuten"),
        (Place(2, 5, 5), "Er wachten nu 2 mensen voor je.", "ongeveer 5 minuten"),
    ],
)
def test_a_place_in_line_is_a_number_and_a_range(found, ahead, minutes):
    told = wording.place(found)
    assert told[0] == ahead
    assert minutes in told[1]


def test_whoever_does_not_wait_has_no_place():
    assert wording.place(None) == ("", "")


def test_a_busy_door_says_both_in_one_line():
    assert wording.busy(Door(waiting=4, low=10, high=25)) == (
        "Er wachten nu 4 mensen voor je. Dat duurt meestal tussen de 10 en 25 minuten."
    )


def changed(kind, who=""):
    return Row(number=1, kind=kind, author="house", who=who, at=SUNDAY)


def test_a_change_is_told_with_the_name_of_who_was_there():
    assert wording.change(changed("claimed", "Sam"), "").startswith("Sam is er nu voor je.")
    assert wording.change(changed("returned"), "Sam").startswith("Sam is even weg.")
    assert wording.change(changed("returned"), "").startswith("Je hulpverlener is even weg.")


def test_a_name_with_holes_in_it_is_only_a_name():
    assert "{who} is er nu" in wording.change(changed("claimed", "{who}"), "")


def test_112_comes_first_and_everybody_can_be_reached():
    found = helplines.everybody()
    assert found[0].number == "112"
    assert all(helpline.number or helpline.website for helpline in found)
    assert all(helpline.when and helpline.name for helpline in found)
