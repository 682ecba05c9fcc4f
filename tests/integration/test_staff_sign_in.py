"""Coming in: two steps, the same answer for everybody who may not, and no trace of who tried."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.db import connections
from django.test import Client

from helpline.audit.models import Entry, Verb
from helpline.clock import now
from helpline.staff import demo, queries
from helpline.staff.actions import factors
from helpline.staff.hashers import ModestArgon2
from helpline.staff.models import Member, RecoverySheet, Session, TotpDevice
from helpline.staff.sessions import SessionStore

HOST = settings.TEAM_ORIGIN.partition("://")[2]
COOKIE = settings.SESSION_COOKIE_NAME
MARKED = {
    "host": HOST,
    "user-agent": "canary-agent/9",
    "accept": "text/canary",
    "x-forwarded-for": "203.0.113.77",
    "referer": "http://canary.example/",
}


@pytest.fixture
def cem():
    return demo.make_member("cem", ["counsellor"])


@pytest.fixture
def door():
    return Client(headers={"host": HOST})


def gives_password(door, email="cem@demo.example", password=demo.PASSWORD, **more):
    return door.post("/sign-in/", {"email": email, "password": password, **more})


def gives_code(door, member, **more):
    return door.post("/code/", {"code": demo.code_of(member), **more})


def key(door):
    return door.cookies[COOKIE].value


def without_secrets(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())


def test_E27_a_password_alone_opens_nothing(door, cem):
    assert gives_password(door).headers["Location"] == "/code/"
    assert queries.session_is_live(key(door)) is None
    assert door.get("/account/").headers["Location"] == "/code/?next=/account/"
    assert door.get("/admin/").headers["Location"] == "/code/?next=/admin/"


def test_E27_both_steps_open_the_door_and_it_is_written_down(door, cem):
    gives_password(door)
    assert gives_code(door, cem).status_code == 302
    assert queries.session_is_live(key(door)) == cem
    assert door.get("/account/").status_code == 200
    entry = Entry.objects.latest("number")
    assert (entry.verb, entry.actor, entry.reference) == (Verb.SIGNED_IN, cem.pk, str(cem.pk))


def test_E27_the_session_key_changes_at_each_step_and_the_old_one_is_dead(door, cem):
    planted = "p" * 32
    door.cookies[COOKIE] = planted
    gives_password(door)
    half = key(door)
    gives_code(door, cem)
    assert len({planted, half, key(door)}) == 3
    for old in (planted, half):
        door.cookies[COOKIE] = old
        assert door.get("/account/").headers["Location"].startswith("/sign-in/")


def test_E27_a_code_works_once(door, cem):
    gives_password(door)
    code = demo.code_of(cem)
    assert door.post("/code/", {"code": code}).status_code == 302
    door.post("/sign-out/")
    gives_password(door)
    again = door.post("/code/", {"code": code})
    assert again.status_code == 422
    assert "al gebruikt" in again.content.decode()


def test_a_code_of_the_step_before_still_works_and_an_older_one_does_not(door, cem):
    with time_machine.travel(now(), tick=False) as clock:
        code = demo.code_of(cem)
        clock.shift(31)
        gives_password(door)
        assert door.post("/code/", {"code": code}).status_code == 302
        door.post("/sign-out/")
        clock.shift(30)
        code = demo.code_of(cem)
        clock.shift(91)
        gives_password(door)
        assert door.post("/code/", {"code": code}).status_code == 422


def test_after_a_wrong_code_even_the_right_one_has_to_wait(door, cem):
    with time_machine.travel(now(), tick=False) as clock:
        gives_password(door)
        right = demo.code_of(cem)
        wrong = "000000" if right != "000000" else "111111"
        assert door.post("/code/", {"code": wrong}).status_code == 422
        too_soon = door.post("/code/", {"code": right})
        assert too_soon.status_code == 429
        assert TotpDevice.objects.get(user=cem).throttling_failure_count == 1
        clock.shift(1.5)
        assert door.post("/code/", {"code": right}).status_code == 302


def test_the_wait_after_wrong_codes_ends(cem):
    phone = TotpDevice.objects.get(user=cem)
    for _ in range(40):
        phone.throttle_increment()
    phone.throttling_failure_timestamp = now() - timedelta(seconds=513)
    assert not phone.is_slowed()


def test_a_recovery_code_stands_in_for_the_phone_once(door, cem):
    paper = factors.make_recovery_codes(member_id=cem.pk)
    gives_password(door)
    assert door.post("/recovery-code/", {"code": paper[3].upper()}).status_code == 302
    assert queries.session_is_live(key(door)) == cem
    assert Entry.objects.filter(verb=Verb.RECOVERY_USED, actor=cem.pk).count() == 1
    door.post("/sign-out/")
    gives_password(door)
    assert door.post("/recovery-code/", {"code": paper[3]}).status_code == 422
    assert queries.recovery_codes_left(cem) == 9


def test_recovery_codes_stand_in_the_table_as_digests(cem):
    paper = factors.make_recovery_codes(member_id=cem.pk)
    row = str(RecoverySheet.objects.values().get())
    assert len(paper) == 10
    assert not any(code in row or code.replace("-", "") in row for code in paper)


@pytest.mark.parametrize("email", ["cem@demo.example", "nobody@demo.example"])
def test_E27_who_may_not_come_in_hears_the_same(door, cem, email):
    expected = without_secrets(gives_password(door, email="left@demo.example", password="wrong"))
    answer = gives_password(Client(headers={"host": HOST}), email=email, password="wrong")
    assert answer.status_code == 422
    assert without_secrets(answer).replace(email, "left@demo.example") == expected


def test_E27_a_closed_account_hears_the_same_with_its_right_password(door, cem):
    cem.is_active = False
    cem.save()
    known = gives_password(door)
    unknown = gives_password(Client(headers={"host": HOST}), email="nobody@demo.example")
    assert known.status_code == unknown.status_code == 422
    same = without_secrets(known).replace("cem@", "nobody@")
    assert same == without_secrets(unknown)


def test_E27_an_unknown_name_costs_the_same_work(cem, monkeypatch):
    hashed = []
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    monkeypatch.setattr(hasher, lambda self, *args: hashed.append(1) or "md5$salt$hash")
    costs = []
    for email in ("cem@demo.example", "nobody@demo.example"):
        visitor = Client(headers={"host": HOST})
        visitor.get("/sign-in/")
        hashed.clear()
        before = Entry.objects.count()
        gives_password(visitor, email=email, password="wrong")
        costs.append((len(hashed), Entry.objects.count() - before))
    assert costs == [(1, 1), (1, 1)]


@pytest.mark.parametrize("email", ["cem@demo.example", "nobody@demo.example"])
def test_E27_the_fifth_wrong_password_locks_the_name_whoever_has_it(door, cem, email):
    answers = [gives_password(door, email=email, password="wrong").status_code for _ in range(6)]
    assert answers == [422, 422, 422, 422, 429, 429]
    other_browser = Client(headers={"host": HOST})
    assert gives_password(other_browser, email=email.upper()).status_code == 429
    locked = Entry.objects.filter(verb=Verb.LOCKED_OUT)
    assert locked.count() == 1, "said once, not at every knock"


def test_the_lock_opens_after_a_quarter_of_an_hour_however_often_somebody_knocks(door, cem):
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(5):
            gives_password(door, password="wrong")
        clock.shift(14 * 60)
        assert gives_password(door).status_code == 429
        clock.shift(61)
        assert gives_password(door).status_code == 302


def test_many_wrong_passwords_at_once_are_counted_one_by_one(cem):
    def knocks(_):
        try:
            return gives_password(Client(headers={"host": HOST}), password="wrong").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as crowd:
        answers = list(crowd.map(knocks, range(40)))
    assert set(answers) <= {422, 429}
    assert answers.count(422) <= 4, "the fifth locks; who came at the same time had to wait"
    assert AccessAttempt.objects.get().failures_since_start <= 5


def test_a_right_password_forgives_the_wrong_ones_before(door, cem):
    for _ in range(4):
        gives_password(door, password="wrong")
    assert gives_password(door).status_code == 302
    door.post("/sign-out/")
    assert gives_password(door, password="wrong").status_code == 422


def test_a_locked_name_does_not_end_the_sessions_it_has(door, cem):
    gives_password(door)
    gives_code(door, cem)
    for _ in range(6):
        gives_password(Client(headers={"host": HOST}), password="wrong")
    assert door.get("/account/").status_code == 200


def test_E01_whoever_tries_leaves_no_address_device_page_or_name(cem):
    marked = Client(headers=MARKED, REMOTE_ADDR="203.0.113.77")
    for _ in range(6):
        gives_password(marked, password="canary-password", next="/canary-page/")
    attempt = AccessAttempt.objects.get()
    assert attempt.failures_since_start == 5
    kept = (attempt.user_agent, attempt.path_info, attempt.http_accept, attempt.ip_address)
    assert kept == ("", "", "", None)
    assert not (attempt.get_data + attempt.post_data).strip("-\n"), "axes' separators only"
    assert "cem" not in attempt.username
    row = str(AccessAttempt.objects.values().get())
    assert "canary" not in row and "203.0.113" not in row
    assert not AccessLog.objects.exists() and not AccessFailureLog.objects.exists()


def test_E01_a_member_s_session_knows_no_address_or_device(cem):
    marked = Client(headers=MARKED, REMOTE_ADDR="203.0.113.77")
    gives_password(marked)
    gives_code(marked, cem)
    opened = Session.objects.get(verified=True)
    data = f"{SessionStore().decode(opened.data)} {Session.objects.values().get(pk=opened.pk)}"
    assert "canary" not in data and "203.0.113" not in data
    assert not AccessLog.objects.exists()


def test_next_goes_only_to_a_page_of_this_site(door, cem):
    gives_password(door)
    there = gives_code(door, cem, next="/account/")
    assert there.headers["Location"] == "/account/"
    door.post("/sign-out/")
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"):
        visitor = Client(headers={"host": HOST})
        demo.sign_in(visitor, cem)
        assert visitor.get("/sign-in/", {"next": elsewhere}).headers["Location"] == "/"


def test_a_form_without_its_token_is_refused(cem):
    strict = Client(headers={"host": HOST}, enforce_csrf_checks=True)
    assert gives_password(strict).status_code == 403
    page = strict.get("/sign-in/").content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert gives_password(strict, csrfmiddlewaretoken=token).status_code == 302
    assert set(strict.cookies) == {COOKIE, "__Host-team-form"}


def test_a_stranger_at_the_sign_in_page_leaves_nothing_in_the_database(door):
    door.get("/sign-in/")
    assert not Session.objects.exists() and COOKIE not in door.cookies


def test_the_one_cookie_is_bound_to_this_host_and_out_of_reach_of_scripts(door, cem):
    gives_password(door)
    cookie = door.cookies[COOKIE]
    assert COOKIE.startswith("__Host-")
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert cookie["path"] == "/" and not cookie["domain"]
    assert not cookie["max-age"] and not cookie["expires"], "it goes with the browser"


@pytest.mark.parametrize("path", ["/sign-in/", "/admin/", "/audit/", "/account/"])
def test_the_visitor_site_knows_no_way_in(path):
    visitor = Client(headers={"host": settings.VISITOR_ORIGINS[0].partition("://")[2]})
    assert visitor.get(path).status_code == 404
    assert COOKIE not in visitor.cookies


def test_an_example_account_never_gets_into_production(door, cem, settings):
    settings.PRODUCTION = True
    assert gives_password(door).status_code == 422


def test_passwords_are_hashed_with_argon2id_at_the_cost_we_chose():
    member = Member(password=ModestArgon2().encode("vier blauwe fietsen", "somesaltsomesalt"))
    assert member.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert ModestArgon2().verify("vier blauwe fietsen", member.password)
