"""A visitor with JavaScript: one page from waiting to goodbye, through good and bad networks."""

import pytest
from playwright.sync_api import expect

from chat.conversations import actions as conversations
from chat.visitors.models import Ticket
from tests.browser.visiting import OnPhone

NO_SOCKETS = "window.WebSocket = class { constructor() { throw new Error('blocked') } }"


@pytest.fixture
def vera(phone):
    return OnPhone(phone)


def test_the_whole_road_from_the_door_to_the_end(vera, cem):
    vera.knocks()
    vera.answers("Ben je nu veilig?", "Nee, ik ben in gevaar")
    vera.sees("Ben je nu in gevaar? Bel 112.")
    vera.answers("Waar gaat het over?", "Iemand dreigt met beelden van mij")
    vera.answers("Gaat het over jou?", "Liever niet")
    vera.answers("Hoe oud ben je?", "12 tot en met 15")
    vera.answers("Waar woon je ongeveer?", "Amsterdam en omgeving")
    vera.sees("Je staat in de rij")
    vera.says("hoi")
    vera.sees_as_sent("hoi")
    cem.takes(vera)
    vera.sees("Cem is er nu voor je. Cem leest wat je al schreef.")
    expect(vera.page.get_by_text("Je staat in de rij")).to_be_hidden()
    cem.says(vera, "hoi, ik lees het")
    vera.sees("hoi, ik lees het")
    vera.says("fijn")
    vera.sees_as_sent("fijn")
    vera.sees_lines("hoi", "hoi, ik lees het", "fijn")
    vera.page.get_by_text("Stoppen of wissen").click()
    vera.presses("Stop het gesprek")
    vera.sees("Je hebt het gesprek gestopt")
    vera.presses("Wis dit gesprek")
    vera.sees("Je gesprek is gewist")
    assert vera.said_by_console == []


def test_E04_every_request_goes_to_our_own_host(vera, cem):
    vera.waits()
    cem.takes(vera)
    vera.sees("Cem is er nu voor je.")
    hosts = {address.split("/")[2] for address in vera.asked}
    assert hosts == {vera.page.evaluate("location.host")}


def test_E05_one_cookie_and_nothing_else_in_the_browser(vera, cem):
    vera.waits()
    cem.takes(vera)
    vera.says("niemand mag dit vinden")
    vera.sees_as_sent("niemand mag dit vinden")
    (cookie,) = vera.page.context.cookies()
    assert cookie["name"].startswith("__Host-") and cookie["expires"] == -1
    assert cookie["httpOnly"] and cookie["secure"] and cookie["sameSite"] == "Strict"
    kept = vera.page.evaluate(
        """async () => [localStorage.length, sessionStorage.length, document.cookie,
            (await indexedDB.databases()).length, (await caches.keys()).length,
            (await navigator.serviceWorker.getRegistrations()).length]"""
    )
    assert kept == [0, 0, "", 0, 0, 0]


def test_E06_address_title_and_history_say_nothing(vera, cem):
    vera.opens_the_door()
    before = vera.page.evaluate("history.length")
    seen = set()

    def look():
        seen.add((vera.page.url, vera.page.title()))

    look()
    vera.presses("Begin met praten")
    vera.presses("Ja, ik ben veilig")
    vera.sees("Waar gaat het over?")
    look()
    vera.presses("Sla alle vragen over")
    vera.sees("Je staat in de rij")
    look()
    cem.takes(vera)
    vera.sees("Cem is er nu voor je.")
    vera.says("hoi")
    vera.sees_as_sent("hoi")
    look()
    cem.posts(f"/desk/talks/{vera.talk.pk}/end")
    vera.page.get_by_role("link", name="Ga verder").click()
    vera.sees("Begin een nieuw gesprek")
    look()
    assert len(seen) == 1
    assert vera.page.evaluate("history.length") - before <= 1


def test_a_message_written_without_network_is_sent_once_when_it_is_back(vera, cem):
    vera.waits()
    cem.takes(vera)
    vera.sees("Cem is er nu voor je.")
    vera.page.context.set_offline(True)
    vera.says("eerste")
    vera.says("tweede")
    vera.sees("Dit bericht is nog niet verstuurd. Tik om het opnieuw te proberen.", timeout=30)
    vera.sees("De verbinding is even weg.")
    assert vera.stored == []
    cem.says(vera, "ben je er nog")
    vera.page.context.set_offline(False)
    vera.sees_as_sent("tweede")
    vera.sees_lines("ben je er nog", "eerste", "tweede")
    assert vera.stored == ["ben je er nog", "eerste", "tweede"]
    expect(vera.page.get_by_text("De verbinding is even weg.")).to_be_hidden()


def test_where_sockets_are_blocked_it_goes_by_plain_http(vera, cem):
    vera.page.add_init_script(NO_SOCKETS)
    vera.waits()
    vera.says("hoi")
    vera.sees_as_sent("hoi")
    cem.takes(vera)
    vera.sees("Cem is er nu voor je.")
    cem.says(vera, "ik lees het")
    vera.sees_lines("hoi", "ik lees het")
    vera.says("fijn")
    vera.sees_as_sent("fijn")
    assert vera.stored == ["hoi", "ik lees het", "fijn"]


def test_two_tabs_of_one_visitor_show_the_same(vera, cem):
    vera.waits()
    cem.takes(vera)
    other = OnPhone(vera.page.context.new_page()).opens_the_door()
    other.sees("Cem is er nu voor je.")
    vera.says("uit het ene")
    other.sees_lines("uit het ene")
    other.says("uit het andere")
    vera.sees_lines("uit het ene", "uit het andere")


def test_E18_a_talk_that_closed_while_away_gives_the_words_back(vera, cem):
    vera.waits()
    cem.takes(vera)
    vera.sees("Cem is er nu voor je.")
    vera.page.context.set_offline(True)
    vera.says("nog iets")
    vera.types("en dit had ik nog")
    cem.posts(f"/desk/talks/{vera.talk.pk}/end")
    vera.page.context.set_offline(False)
    vera.sees("Het gesprek is klaar.", timeout=25)
    vera.sees("Wat je nog schreef, staat hieronder.")
    expect(vera.field).to_have_value("en dit had ik nog")
    expect(vera.field).not_to_be_editable()
    expect(vera.page.get_by_role("button", name="Verstuur")).to_be_hidden()
    vera.sees("nog iets")


def test_when_the_counsellor_is_gone_the_visitor_hears_it_and_waits_again(vera, cem):
    vera.waits()
    cem.takes(vera)
    vera.sees("Cem is er nu voor je.")
    conversations.give_back(conversation_id=vera.talk.pk, reason="offline")
    vera.sees("Cem is even weg. Je staat weer vooraan in de rij.")
    vera.sees("Je staat in de rij")


def test_an_erased_talk_leaves_no_word_on_another_screen_of_the_visitor(vera, cem):
    vera.waits()
    vera.says("dit moet weg")
    vera.sees_as_sent("dit moet weg")
    conversations.erase(conversation_id=vera.talk.pk)
    vera.sees("Je gesprek is gewist")
    assert "dit moet weg" not in vera.page.content()


def test_a_ticket_that_died_leads_to_the_door_with_the_words_kept(vera):
    vera.waits()
    vera.types("nog niet verstuurd")
    vera.page.wait_for_timeout(1100)  # waking is heard at most once a second
    Ticket.objects.all().delete()
    vera.page.evaluate("dispatchEvent(new Event('online'))")
    vera.sees("Je was te lang weg.", timeout=15)
    expect(vera.field).to_have_value("nog niet verstuurd")
    vera.page.get_by_role("link", name="Ga verder").click()
    vera.sees("Begin met praten")


def test_somebody_who_types_is_told_but_not_what(vera, cem):
    vera.waits()
    cem.takes(vera)
    vera.sees("Cem is er nu voor je.")
    sent = []

    def keep(frame):
        sent.append(frame)

    vera.page.on("websocket", lambda socket: socket.on("framesent", keep))
    vera.page.reload()
    vera.sees("Cem is er nu voor je.")
    vera.page.wait_for_timeout(500)
    vera.field.press_sequentially("geheim", delay=20)
    vera.page.wait_for_timeout(300)
    assert sum('"typing"' in frame for frame in sent) == 1
    assert not any("geheim" in frame for frame in sent)


def test_enter_sends_at_a_desk_and_shift_enter_does_not(opens, cem):
    vera = OnPhone(opens(viewport={"width": 1280, "height": 800}))
    vera.waits()
    vera.field.press_sequentially("een")
    vera.field.press("Shift+Enter")
    vera.field.press_sequentially("twee")
    vera.field.press("Enter")
    vera.sees_as_sent("een")
    assert vera.stored == ["een\ntwee"]


def test_the_limit_is_told_before_it_is_reached(vera):
    vera.waits()
    vera.types("x" * 3799)
    expect(vera.page.locator("[data-count]")).to_be_empty()
    vera.types("x" * 3800)
    vera.sees("Nog 200 tekens.")
    vera.types("😀" * 4001)
    vera.sees("1 tekens te veel.")
    vera.presses("Verstuur")
    expect(vera.field).to_have_value("😀" * 4001)
    assert vera.stored == []


def test_a_form_without_network_says_so_and_keeps_the_page(vera):
    vera.knocks()
    vera.page.context.set_offline(True)
    vera.presses("Ja, ik ben veilig")
    vera.sees("De verbinding is even weg. Er is niets verloren.")
    vera.page.context.set_offline(False)
    vera.presses("Ja, ik ben veilig")
    vera.sees("Waar gaat het over?")


def test_the_visitor_can_go_on_in_english(vera, cem):
    vera.opens_the_door()
    vera.presses("English")
    expect(vera.page.locator("html")).to_have_attribute("lang", "en")
    assert vera.page.title() == "Notities"
