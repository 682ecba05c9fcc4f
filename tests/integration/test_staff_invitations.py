"""Somebody new: a link that works once, a password, a phone, a sheet of paper."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, connections
from django.http import HttpRequest
from django.test import Client
from django_otp.oath import TOTP

from helpline.audit.models import Entry, Verb
from helpline.clock import now
from helpline.staff import codes, demo, queries, refusals
from helpline.staff.actions import invitations
from helpline.staff.models import Invitation, Member, RecoverySheet, TotpDevice
from helpline.staff.sessions import SessionStore
from helpline.vault.sealing import Tampered

HOST = settings.TEAM_ORIGIN.partition("://")[2]
COOKIE = settings.SESSION_COOKIE_NAME
NEW = "vier blauwe fietsen"
CHOICE = {"alias": "Sam", "password": NEW, "again": NEW}


@pytest.fixture
def ada():
    return demo.make_member("ada", ["admin"])


@pytest.fixture
def sent(ada):
    return invitations.invite(
        email="Noor@Fier.example", name="Noor", roles=["counsellor"], by=ada.pk
    )


@pytest.fixture
def browser():
    return Client(headers={"host": HOST})


def opens(browser, sent):
    return browser.get(sent.link.removeprefix(settings.TEAM_ORIGIN))


def shown_code(page):
    """What a phone would show that scanned this page."""
    typed = re.search(r'class="secret"[^>]*>([A-Z2-7 ]+)<', page.content.decode())[1]
    return f"{TOTP(codes.base64.b32decode(typed.replace(' ', ''))).token():06d}"


def test_from_link_to_desk(browser, sent):
    assert opens(browser, sent).headers["Location"] == "/welcome/"
    assert browser.post("/welcome/", CHOICE).headers["Location"] == "/phone/"
    last = browser.post("/phone/", {"code": shown_code(browser.get("/phone/"))})
    assert last.status_code == 200
    noor = queries.session_is_live(browser.cookies[COOKIE].value)
    assert (noor.email, noor.alias, noor.roles) == ("noor@fier.example", "Sam", ["counsellor"])
    assert noor.check_password(NEW) and noor.enrol_by is None
    verbs = list(Entry.objects.order_by("number").values_list("verb", flat=True))
    came, linked = (
        [Verb.INVITED, Verb.INVITATION_ACCEPTED],
        [Verb.ENROLLED_TOTP, Verb.RECOVERY_MADE],
    )
    assert verbs == [*came, *linked, Verb.SIGNED_IN]


def test_the_letter_holds_the_link_and_the_table_does_not(sent):
    (letter,) = mail.outbox
    assert letter.to == ["noor@fier.example"]
    assert sent.link in letter.body
    token = sent.link.rstrip("/").rpartition("/")[2]
    assert len(token) >= 43
    assert token not in str(Invitation.objects.values().get())


def test_looking_at_the_link_does_not_use_it_up(browser, sent):
    scanner = Client(headers={"host": HOST})
    for _ in range(3):
        assert opens(scanner, sent).status_code == 302
    assert opens(browser, sent).status_code == 302
    assert sent.link.rpartition("/invitation/")[2] not in browser.get("/welcome/").content.decode()


def test_a_link_works_once(browser, sent):
    opens(browser, sent)
    assert browser.post("/welcome/", CHOICE).status_code == 302
    later = Client(headers={"host": HOST})
    assert opens(later, sent).status_code == 410
    assert later.get("/welcome/").status_code == 410


def test_of_two_who_follow_the_link_at_once_one_gets_in(sent):
    def accepts(alias):
        request = HttpRequest()
        request.session = SessionStore()
        try:
            invitations.accept(request, invitation_id=sent.invitation.pk, alias=alias, password=NEW)
        except refusals.InvitationGone:
            return "gone"
        finally:
            connections.close_all()
        return alias

    with ThreadPoolExecutor(4) as crowd:
        outcomes = list(crowd.map(accepts, ["Ann", "Bea", "Cor", "Dik"]))
    assert outcomes.count("gone") == 3
    (winner,) = set(outcomes) - {"gone"}
    assert Member.objects.get(email="noor@fier.example").alias == winner


def test_a_link_works_for_72_hours(browser, sent):
    with time_machine.travel(now() + timedelta(hours=71, minutes=59), tick=False):
        assert opens(browser, sent).status_code == 302
    with time_machine.travel(now() + timedelta(hours=72, seconds=1), tick=False):
        assert opens(Client(headers={"host": HOST}), sent).status_code == 410


def test_inviting_again_makes_the_old_link_useless(browser, sent, ada):
    again = invitations.invite(email="noor@fier.example", name="Noor", roles=["auditor"], by=ada.pk)
    assert opens(browser, sent).status_code == 410
    assert opens(browser, again).status_code == 302


def test_a_withdrawn_link_is_useless(browser, sent, ada):
    opens(browser, sent)
    invitations.withdraw(invitation_id=sent.invitation.pk, by=ada.pk)
    assert browser.post("/welcome/", CHOICE).status_code == 410


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "é"])
def test_a_token_nobody_sent_looks_like_one_that_was_used(browser, token):
    answer = browser.get(f"/invitation/{token}/")
    assert answer.status_code == 410
    assert refusals.InvitationGone.code in answer.content.decode()


def test_somebody_of_the_team_is_not_invited_twice(ada):
    with pytest.raises(refusals.AlreadyMember):
        invitations.invite(email="ADA@demo.example", name="Ada", roles=["admin"], by=ada.pk)


def test_nobody_is_invited_to_do_nothing(ada):
    with pytest.raises(refusals.NoRoleLeft):
        invitations.invite(email="x@fier.example", name="X", roles=["root"], by=ada.pk)


@pytest.mark.parametrize(
    "wrong",
    [
        {"alias": ""},
        {"alias": "<script>"},
        {"password": "kort", "again": "kort"},
        {"again": "something else entirely"},
        {"password": "noor@fier.example", "again": "noor@fier.example"},
        {"password": "x" * 300, "again": "x" * 300},
    ],
)
def test_a_bad_choice_is_asked_again_and_the_link_still_works(browser, sent, wrong):
    opens(browser, sent)
    assert browser.post("/welcome/", CHOICE | wrong).status_code == 422
    assert browser.post("/welcome/", CHOICE).status_code == 302


def test_E27_without_a_phone_nobody_gets_further(browser, sent):
    opens(browser, sent)
    browser.post("/welcome/", CHOICE)
    for path in ("/", "/account/", "/audit/", "/admin/", "/desk/"):
        assert "/code/" in browser.get(path).headers["Location"]
    assert browser.get("/code/").headers["Location"] == "/phone/"


def test_whoever_closed_the_browser_half_way_goes_on_with_the_password(browser, sent):
    opens(browser, sent)
    browser.post("/welcome/", CHOICE)
    later = Client(headers={"host": HOST})
    later.post("/sign-in/", {"email": "noor@fier.example", "password": NEW})
    assert later.get("/phone/").status_code == 200


def test_E27_after_72_hours_a_password_alone_links_no_phone(browser, sent):
    opens(browser, sent)
    browser.post("/welcome/", CHOICE)
    with time_machine.travel(now() + timedelta(hours=73), tick=False):
        later = Client(headers={"host": HOST})
        later.post("/sign-in/", {"email": "noor@fier.example", "password": NEW})
        assert later.get("/phone/").status_code == 403
        assert later.get("/phone/qr.svg").status_code == 403


def test_E27_a_password_thief_cannot_add_a_phone_beside_the_owner_s():
    demo.make_member("cem", ["counsellor"])
    thief = Client(headers={"host": HOST})
    thief.post("/sign-in/", {"email": "cem@demo.example", "password": demo.PASSWORD})
    assert thief.get("/phone/").status_code == 403
    assert thief.post("/phone/", {"code": "123456"}).status_code == 403
    assert not TotpDevice.objects.filter(confirmed=False).exists()


def test_each_browser_gets_a_secret_of_its_own(browser, sent):
    opens(browser, sent)
    browser.post("/welcome/", CHOICE)
    first = browser.get("/phone/")
    assert shown_code(browser.get("/phone/")) == shown_code(first), "reloading keeps it"
    other = Client(headers={"host": HOST})
    other.post("/sign-in/", {"email": "noor@fier.example", "password": NEW})
    other.get("/phone/")
    assert browser.get("/phone/qr.svg").status_code == 404, "what another one saw is not used"
    assert browser.post("/phone/", {"code": shown_code(first)}).status_code == 422


def test_the_qr_code_is_a_picture_of_this_site_without_style_or_script(browser, sent):
    opens(browser, sent)
    browser.post("/welcome/", CHOICE)
    browser.get("/phone/")
    picture = browser.get("/phone/qr.svg")
    svg = picture.content.decode()
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    assert "<path" in svg and "style" not in svg and "script" not in svg


def test_E27_the_secret_of_a_phone_is_sealed_and_bound_to_its_row():
    cem, olu = demo.make_member("cem", ["counsellor"]), demo.make_member("olu", ["coordinator"])
    mine, theirs = TotpDevice.objects.get(user=cem), TotpDevice.objects.get(user=olu)
    secret, row = mine.secret(), bytes(mine.box)
    assert re.fullmatch(r"[0-9a-f]{40}", secret)
    for form in (secret.encode(), bytes.fromhex(secret), codes.in_base32(secret).encode()):
        assert form not in row
    mine.box = theirs.box
    with pytest.raises(Tampered):
        mine.secret()


def test_recovery_codes_are_shown_once(browser, sent):
    opens(browser, sent)
    browser.post("/welcome/", CHOICE)
    shown = browser.post("/phone/", {"code": shown_code(browser.get("/phone/"))}).content.decode()
    paper = re.findall(r"<code>([a-z2-9-]{19})</code>", shown)
    assert len(paper) == 10
    row = str(RecoverySheet.objects.values().get())
    assert not any(code in row for code in paper)
    assert paper[0] not in browser.get("/account/").content.decode()


def test_another_phone_asks_a_fresh_code_and_ends_the_old_one(browser):
    cem = demo.make_member("cem", ["counsellor"])
    demo.sign_in(browser, cem)
    elsewhere = Client(headers={"host": HOST})
    demo.sign_in(elsewhere, cem)
    with time_machine.travel(now() + timedelta(minutes=6), tick=False):
        assert browser.get("/phone/").headers["Location"] == "/step-up/?next=/phone/"
        browser.post("/step-up/", {"code": demo.code_of(cem)})
        page = browser.get("/phone/")
        old = TotpDevice.objects.get(user=cem, confirmed=True)
        browser.post("/phone/", {"code": shown_code(page)})
        assert not TotpDevice.objects.filter(pk=old.pk).exists()
        assert browser.get("/account/").status_code == 200
        assert elsewhere.get("/account/").status_code == 302


def test_the_database_refuses_what_no_member_may_be(ada):
    for wrong in ({"email": "ADA2@demo.example"}, {"roles": []}, {"roles": ["root"]}):
        with pytest.raises(IntegrityError):
            Member.objects.filter(pk=ada.pk).update(**wrong)
