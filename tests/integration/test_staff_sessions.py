"""Sessions end: idle, old, signed out, taken away. And their table opens no door."""

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from helpline import events
from helpline.audit.models import Entry, Verb
from helpline.clock import now
from helpline.staff import demo, queries, tasks
from helpline.staff.actions import doors, invitations, members
from helpline.staff.events import MemberRevoked, SessionEnded
from helpline.staff.models import Invitation, Session
from helpline.staff.sessions import SessionStore

HOST = settings.TEAM_ORIGIN.partition("://")[2]
COOKIE = settings.SESSION_COOKIE_NAME


@pytest.fixture
def cem():
    return demo.make_member("cem", ["counsellor"])


def comes_in(member):
    browser = Client(headers={"host": HOST})
    demo.sign_in(browser, member)
    return browser


def key(browser):
    return browser.cookies[COOKIE].value


def is_in(browser):
    return browser.get("/account/").status_code == 200


@pytest.fixture
def heard(monkeypatch):
    """Everything that was told after a commit."""
    told = []
    monkeypatch.setattr(events, "tell", told.append)
    return told


def test_E27_a_session_that_is_idle_too_long_is_over(cem):
    with time_machine.travel(now(), tick=False) as clock:
        browser = comes_in(cem)
        clock.shift(settings.STAFF_IDLE - timedelta(seconds=1))
        assert queries.session_is_live(key(browser)) == cem
        clock.shift(1)
        assert queries.session_is_live(key(browser)) is None
        assert not is_in(browser)


def test_each_page_is_a_sign_of_life(cem):
    with time_machine.travel(now(), tick=False) as clock:
        browser = comes_in(cem)
        for _ in range(4):
            clock.shift(settings.STAFF_IDLE - timedelta(minutes=1))
            assert is_in(browser)


def test_an_open_desk_keeps_its_session_by_touching_it(cem):
    with time_machine.travel(now(), tick=False) as clock:
        browser = comes_in(cem)
        for _ in range(4):
            clock.shift(settings.STAFF_IDLE - timedelta(minutes=1))
            doors.touch_session(session_key=key(browser))
        assert queries.session_is_live(key(browser)) == cem


def test_a_touch_wakes_no_dead_session(cem):
    with time_machine.travel(now(), tick=False) as clock:
        browser = comes_in(cem)
        clock.shift(settings.STAFF_IDLE)
        doors.touch_session(session_key=key(browser))
        assert queries.session_is_live(key(browser)) is None


def test_E27_a_session_ends_after_twelve_hours_however_busy(cem):
    with time_machine.travel(now(), tick=False) as clock:
        browser = comes_in(cem)
        for _ in range(47):
            clock.shift(timedelta(minutes=15))
            assert is_in(browser)
        browser.post("/step-up/", {"code": demo.code_of(cem)})
        assert is_in(browser), "a fresh code changes the key"
        clock.shift(timedelta(minutes=15))
        assert not is_in(browser), "but not the age"


def test_a_session_is_found_by_one_query(cem, django_assert_num_queries):
    browser = comes_in(cem)
    with django_assert_num_queries(1):
        assert queries.session_is_live(key(browser)) == cem


@pytest.mark.parametrize("nonsense", ["", "x", "a" * 32, "\0", "é" * 400])
def test_a_key_that_nobody_has_opens_nothing(cem, nonsense):
    comes_in(cem)
    assert queries.session_is_live(nonsense) is None


def test_whoever_copies_the_table_of_sessions_has_no_key(cem):
    browser = comes_in(cem)
    row = Session.objects.get(member=cem)
    assert key(browser) not in str(Session.objects.values().get(pk=row.pk))
    thief = Client(headers={"host": HOST})
    thief.cookies[COOKIE] = row.pk
    assert not is_in(thief)


def test_a_password_without_a_code_is_no_live_session(cem):
    browser = Client(headers={"host": HOST})
    browser.post("/sign-in/", {"email": cem.email, "password": demo.PASSWORD})
    assert Session.objects.filter(member=cem, verified=False).exists()
    assert queries.session_is_live(key(browser)) is None


def test_signing_out_ends_this_session_and_says_which(cem, heard):
    here, there = comes_in(cem), comes_in(cem)
    ended = queries.session_digest(key(here))
    kept = key(here)
    assert here.post("/sign-out/").status_code == 302
    assert queries.session_is_live(kept) is None
    assert is_in(there)
    assert heard == [SessionEnded(cem.pk, ended)]
    assert Entry.objects.latest("number").verb == Verb.SIGNED_OUT


def test_signing_out_twice_or_as_nobody_is_harmless():
    nobody = Client(headers={"host": HOST})
    assert nobody.post("/sign-out/").status_code == 302
    assert nobody.get("/sign-out/").status_code == 405


def test_E25_signing_out_everywhere_ends_all_and_tells(cem, heard):
    here, there = comes_in(cem), comes_in(cem)
    assert here.post("/account/everywhere/").headers["Location"] == "/sign-in/"
    assert not is_in(here) and not is_in(there)
    assert MemberRevoked(cem.pk) in heard


def test_E25_a_disabled_member_is_out_at_once(cem, heard):
    ada = demo.make_member("ada", ["admin"])
    browser = comes_in(cem)
    members.disable_member(member_id=cem.pk, by=ada.pk)
    assert queries.session_is_live(key(browser)) is None
    assert not is_in(browser)
    assert heard == [MemberRevoked(cem.pk)]


def test_E25_even_a_session_that_was_overlooked_is_dead_for_a_disabled_member(cem):
    browser = comes_in(cem)
    type(cem).objects.filter(pk=cem.pk).update(is_active=False)
    assert queries.session_is_live(key(browser)) is None
    assert not is_in(browser)


def test_a_session_that_was_ended_is_not_raised_by_a_request_under_way(cem):
    browser = comes_in(cem)
    under_way = SessionStore(key(browser))
    under_way["seen"] = 1
    doors.end_sessions(member_id=cem.pk)
    with pytest.raises(UpdateError):
        under_way.save()
    assert not Session.objects.filter(member=cem).exists()


def test_a_new_password_keeps_this_browser_and_ends_the_others(cem, heard):
    here, there = comes_in(cem), comes_in(cem)
    new = "vier blauwe fietsen"
    sent = here.post(
        "/account/password/", {"current": demo.PASSWORD, "password": new, "again": new}
    )
    assert sent.status_code == 302
    assert is_in(here) and not is_in(there)
    assert MemberRevoked(cem.pk) in heard
    cem.refresh_from_db()
    assert cem.check_password(new)


@pytest.mark.parametrize(
    ("current", "new", "again"),
    [
        ("wrong", "vier blauwe fietsen", "vier blauwe fietsen"),
        (demo.PASSWORD, "kort", "kort"),
        (demo.PASSWORD, "vier blauwe fietsen", "vijf blauwe fietsen"),
        (demo.PASSWORD, "cem@demo.example", "cem@demo.example"),
        (demo.PASSWORD, "123456789012345", "123456789012345"),
    ],
)
def test_a_bad_new_password_changes_nothing(cem, current, new, again):
    browser = comes_in(cem)
    answer = browser.post(
        "/account/password/", {"current": current, "password": new, "again": again}
    )
    assert answer.status_code == 422
    cem.refresh_from_db()
    assert cem.check_password(demo.PASSWORD)


def test_a_sweep_removes_what_is_over_and_nothing_else(cem):
    with time_machine.travel(now(), tick=False) as clock:
        comes_in(cem)
        clock.shift(settings.STAFF_IDLE)
        fresh = comes_in(cem)
        assert doors.end_stale_sessions() == 1
        assert is_in(fresh)


def test_the_sweep_also_forgets_wrong_passwords_and_links_nobody_followed(cem):
    with time_machine.travel(now(), tick=False) as clock:
        stranger = Client(headers={"host": HOST})
        stranger.post("/sign-in/", {"email": "x@fier.example", "password": "wrong"})
        invitations.invite(email="x@fier.example", name="X", roles=["admin"], by=None)
        clock.shift(timedelta(minutes=14))
        tasks.sweep()
        assert AccessAttempt.objects.exists() and Invitation.objects.exists()
        clock.shift(timedelta(minutes=2))
        tasks.sweep()
        assert not AccessAttempt.objects.exists() and Invitation.objects.exists()
        clock.shift(timedelta(days=34))
        tasks.sweep()
        assert not Invitation.objects.exists()


def test_a_member_chooses_alias_and_language(cem):
    browser = comes_in(cem)
    assert browser.post("/account/", {"alias": "<b>", "language": "nl"}).status_code == 422
    assert browser.post("/account/", {"alias": "Sam", "language": "en"}).status_code == 302
    cem.refresh_from_db()
    assert (cem.alias, cem.language) == ("Sam", "en")
    assert '<html lang="en">' in browser.get("/account/").content.decode()
