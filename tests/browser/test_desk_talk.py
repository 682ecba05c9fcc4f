"""The desk in a real browser: the line, talks side by side, and that nothing is lost."""

import pytest
from playwright.sync_api import expect

from chat.conversations import actions as conversations
from helpline.staff.actions import doors
from tests.browser.counselling import AtDesk
from tests.hostile import PAYLOADS
from tests.people import Visitor


@pytest.fixture
def at_desk(opens, cem):
    """Cem at his desk; he leaves it as clean as he found it."""
    desk = AtDesk(opens, cem).sits_down()
    yield desk
    assert desk.said_by_console == []
    assert desk.storage == [{}, {}]


def in_danger() -> Visitor:
    visitor = Visitor().knocks()
    talk = visitor.talk.pk
    conversations.answer(conversation_id=talk, question="safe_now", code="no")
    conversations.start_waiting(conversation_id=talk)
    return visitor


def talking(desk, visitor):
    visitor.waits()
    desk.takes_next()
    return desk


def test_who_arrives_appears_by_itself_and_is_talked_with(at_desk, vera):
    at_desk.sees("Er wacht niemand.")
    vera.waits()
    at_desk.sees_in_line(1)
    at_desk.takes_next()
    assert at_desk.focused == "Bericht in gesprek 1"
    at_desk.says("hoi, ik ben Cem")
    at_desk.sees_as_sent("hoi, ik ben Cem")
    vera.says("hoi Cem")
    at_desk.sees_lines("hoi, ik ben Cem", "hoi Cem")
    assert [row["text"] for row in vera.reads() if row["kind"] == "said"] == [
        "hoi, ik ben Cem",
        "hoi Cem",
    ]


def test_the_title_counts_what_is_new_and_never_says_what(at_desk, vera):
    at_desk.looks_away()
    vera.waits()
    expect(at_desk.page).to_have_title("(1) Werkplek")
    at_desk.looks_again()
    expect(at_desk.page).to_have_title("Werkplek")
    at_desk.takes_next()
    at_desk.looks_away()
    vera.says("mijn broer slaat mij")
    expect(at_desk.page).to_have_title("(1) Werkplek")
    expect(at_desk.talk(1).locator("[data-unread]")).to_have_text("1 nieuw")
    at_desk.looks_again()
    expect(at_desk.page).to_have_title("Werkplek")


def test_nothing_moves_under_the_pointer(at_desk, vera, victor):
    vera.waits()
    victor.waits()
    at_desk.sees_in_line(2)
    first = at_desk.entries.first
    first.hover()
    before = first.bounding_box()
    in_danger()
    at_desk.sees_in_line(3)
    at_desk.sees("De volgorde is veranderd.")
    assert first.bounding_box() == before
    assert at_desk.entries.nth(2).get_attribute("data-level") == "urgent"
    at_desk.page.mouse.move(900, 400)
    expect(at_desk.entries.first).to_have_attribute("data-level", "urgent")


def test_who_left_stays_as_a_grey_line_as_long_as_the_pointer_is_there(at_desk, vera, victor, cleo):
    vera.waits()
    victor.waits()
    at_desk.sees_in_line(2)
    at_desk.entries.first.hover()
    cleo.takes(vera)
    expect(at_desk.entries.first).to_have_attribute("data-gone", "yes")
    expect(at_desk.entries.first.get_by_role("button")).to_be_disabled()
    at_desk.page.mouse.move(900, 400)
    at_desk.sees_in_line(1)


def test_the_loser_of_a_claim_reads_why(at_desk, vera, cleo):
    vera.waits()
    at_desk.sees_in_line(1)
    at_desk.entries.first.hover()
    at_desk.page.route("**/desk/claim", lambda route: (cleo.takes(vera), route.continue_()))
    at_desk.entries.first.get_by_role("button").click()
    expect(at_desk.banner).to_have_text("Een collega was net eerder, of de bezoeker is weg.")


def test_a_draft_stays_with_its_talk_and_nowhere_else(at_desk, vera, victor):
    talking(at_desk, vera)
    at_desk.types("half geschreven", 1)
    talking(at_desk, victor)
    at_desk.types("iets anders", 2)
    vera.says("ben je er nog?")
    at_desk.sees("ben je er nog?")
    expect(at_desk.field(1)).to_have_value("half geschreven")
    expect(at_desk.field(2)).to_have_value("iets anders")


def test_a_draft_comes_back_with_a_talk_that_comes_back(at_desk, vera, cem):
    talking(at_desk, vera)
    at_desk.types("half geschreven")
    at_desk.presses("Teruggeven")
    expect(at_desk.page.get_by_role("dialog")).to_contain_text("Er staat nog tekst")
    at_desk.page.get_by_role("dialog").get_by_role("button", name="Teruggeven").click()
    expect(at_desk.talks).to_have_count(0)
    at_desk.takes_next()
    expect(at_desk.field(1)).to_have_value("half geschreven")


def test_the_talk_that_waits_longest_carries_the_one_clock(at_desk, vera, victor):
    talking(at_desk, vera)
    talking(at_desk, victor)
    victor.says("ik wacht")
    vera.says("ik ook")
    at_desk.sees("ik ook")
    at_desk.page.clock.install()
    at_desk.page.reload()
    at_desk.sees("ik ook")
    at_desk.page.clock.fast_forward("02:05")
    clocks = at_desk.page.locator("[data-clock]:visible")
    expect(clocks).to_have_count(1)
    expect(at_desk.talk(2).locator("[data-clock]")).to_have_text("wacht 2 min")


def test_when_the_visitor_closes_what_i_was_writing_stays_readable(at_desk, vera):
    talking(at_desk, vera)
    at_desk.types("ik wilde nog zeggen")
    vera.leaves()
    at_desk.sees("De bezoeker is weggegaan.")
    expect(at_desk.field(1)).to_have_value("ik wilde nog zeggen")
    assert at_desk.field(1).get_attribute("readonly") is not None
    expect(at_desk.page.get_by_role("button", name="Verstuur")).to_be_hidden()
    at_desk.presses("Opruimen")
    expect(at_desk.talks).to_have_count(0)
    at_desk.sees("Net gesloten")


def test_ending_asks_first_and_closes_for_both(at_desk, vera):
    talking(at_desk, vera)
    at_desk.presses("Beëindigen")
    at_desk.presses("Nog niet")
    assert vera.talk.state == "claimed"
    at_desk.presses("Beëindigen")
    at_desk.page.get_by_role("dialog").get_by_role("button", name="Beëindigen").click()
    at_desk.sees("Je hebt het gesprek beëindigd.")
    assert vera.talk.closed_by == "counsellor"


def test_after_a_heavy_talk_the_desk_suggests_a_pause(at_desk):
    in_danger()
    at_desk.sees_in_line(1)
    at_desk.takes_next()
    at_desk.presses("Beëindigen")
    at_desk.page.get_by_role("dialog").get_by_role("button", name="Beëindigen").click()
    at_desk.sees("Dat was een zwaar gesprek.")
    at_desk.talk(1).get_by_role("button", name="Pauze").click()
    expect(at_desk.page.get_by_label("Pauze")).to_be_checked()


def test_an_erased_talk_leaves_the_screen_at_once(at_desk, vera):
    talking(at_desk, vera)
    vera.says("dit gaat weg")
    at_desk.sees("dit gaat weg")
    conversations.erase(conversation_id=vera.talk.pk)
    expect(at_desk.talks).to_have_count(0)
    expect(at_desk.banner).to_contain_text("gewist")
    assert "dit gaat weg" not in at_desk.page.content()


def test_two_windows_of_one_counsellor_show_the_same(at_desk, opens, cem, vera):
    talking(at_desk, vera)
    other = AtDesk(opens, cem).sits_down()
    other.says("uit het andere venster")
    at_desk.sees("uit het andere venster")
    at_desk.says("uit dit venster")
    for window in (at_desk, other):
        window.sees_lines("uit het andere venster", "uit dit venster")
    other.presses("Beëindigen")
    other.page.get_by_role("dialog").get_by_role("button", name="Beëindigen").click()
    at_desk.sees("Je hebt het gesprek beëindigd.")


def test_a_talk_goes_to_a_colleague_who_accepts(at_desk, opens, cleo, vera):
    talking(at_desk, vera)
    vera.says("dit weet Cem al")
    colleague = AtDesk(opens, cleo).sits_down()
    at_desk.presses("Overdragen")
    at_desk.sees("0 van 2 gesprekken")
    at_desk.presses("Vraag het")
    at_desk.sees("gevraagd aan Cleo")
    colleague.sees("Cem vraagt of jij dit gesprek overneemt.")
    colleague.presses("Neem over")
    colleague.sees_lines("dit weet Cem al")
    expect(at_desk.talks).to_have_count(0)
    assert "dit weet Cem al" not in at_desk.page.content()
    assert colleague.said_by_console == []


def test_notes_stay_beside_their_talk(at_desk, vera, victor):
    talking(at_desk, vera)
    at_desk.hits("Alt+o")
    at_desk.page.get_by_label("Nieuwe notitie").fill("broer thuis")
    at_desk.presses("Bewaar notitie")
    at_desk.sees("Bewaard.")
    at_desk.page.get_by_label("Nieuwe notitie").fill("nog niet af")
    talking(at_desk, victor)
    expect(at_desk.page.get_by_label("Nieuwe notitie")).to_have_value("")
    expect(at_desk.page.locator("[data-notes] li")).to_have_count(0)
    at_desk.hits("Alt+1")
    expect(at_desk.page.get_by_label("Nieuwe notitie")).to_have_value("nog niet af")
    expect(at_desk.page.locator("[data-notes] .words")).to_have_text(["broer thuis"])


def test_going_off_with_a_talk_asks_first(at_desk, vera):
    talking(at_desk, vera)
    at_desk.page.locator("label.off").click()
    at_desk.presses("Ik blijf")
    expect(at_desk.page.get_by_label("Hier")).to_be_checked()
    at_desk.page.locator("label.off").click()
    at_desk.page.get_by_role("dialog").get_by_role("button", name="Afwezig").click()
    expect(at_desk.talks).to_have_count(0)
    assert vera.talk.state == "waiting"
    at_desk.sees("Je bent nog afwezig.")


def test_E28_hostile_text_is_shown_as_text(at_desk, vera):
    talking(at_desk, vera)
    chosen = [text for text in PAYLOADS if len(text) < 4000][::12]
    for text in chosen:
        vera.says(text)
    lines = at_desk.talk(1).locator(".said .words")
    expect(lines).to_have_count(len(chosen))
    assert lines.evaluate_all("all => all.map(one => one.textContent)") == chosen


def test_E25_when_the_login_ends_only_my_own_unsent_words_stay(at_desk, vera, cem):
    talking(at_desk, vera)
    vera.says("dit mag niet blijven staan")
    at_desk.sees("dit mag niet blijven staan")
    at_desk.types("half geschreven")
    doors.end_sessions(member_id=cem.id)
    expect(at_desk.banner).to_contain_text("Je bent uitgelogd.")
    assert "dit mag niet blijven staan" not in at_desk.page.content()
    expect(at_desk.page.locator("[data-text]")).to_have_value("half geschreven")
    expect(at_desk.entries).to_have_count(0)
