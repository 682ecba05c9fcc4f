"""Roles, leaving, a lost second factor: done by admins, with a fresh code, in the audit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import IntegrityError, connections
from django.test import Client

from helpline import events
from helpline.audit.models import Entry, Verb
from helpline.clock import now
from helpline.staff import demo, queries, refusals
from helpline.staff.actions import factors, members
from helpline.staff.admin import site
from helpline.staff.events import MemberRevoked
from helpline.staff.models import AccessReset, Invitation, Member, TotpDevice
from helpline.staff.rules import Role
from helpline.staff.urls import urlpatterns
from helpline.vault import queries as vault
from helpline.vault.refusals import Shredded

HOST = settings.TEAM_ORIGIN.partition("://")[2]
LATER = timedelta(minutes=6)


class Browser(Client):
    """A browser of somebody who gave both factors a moment ago."""

    def __init__(self, member):
        super().__init__(headers={"host": HOST})
        self.member = member
        demo.sign_in(self, member)


@pytest.fixture
def cem():
    return demo.make_member("cem", ["counsellor"])


@pytest.fixture
def ada():
    return demo.make_member("ada", ["admin"])


@pytest.fixture
def abe():
    """A second admin."""
    return demo.make_member("abe", ["admin"])


@pytest.fixture
def heard(monkeypatch):
    told = []
    monkeypatch.setattr(events, "tell", told.append)
    return told


def last_verb():
    return Entry.objects.latest("number").verb


# --- roles ---


def test_E25_other_roles_end_the_sessions_and_tell(ada, cem, heard):
    browser = Browser(cem)
    sent = Browser(ada).post(
        f"/admin/staff/member/{cem.pk}/change/", {"name": "Cem", "roles": ["analyst"]}
    )
    assert sent.status_code == 302
    cem.refresh_from_db()
    assert cem.roles == ["analyst"]
    assert browser.get("/account/").status_code == 302
    assert heard == [MemberRevoked(cem.pk)]
    assert last_verb() == Verb.MEMBER_CHANGED


def test_another_name_ends_nothing(ada, cem, heard):
    browser = Browser(cem)
    members.change_member(member_id=cem.pk, by=ada.pk, name="Cem B.", roles=["counsellor"])
    assert browser.get("/account/").status_code == 200
    assert heard == []


@pytest.mark.parametrize("roles", [[], ["root"]])
def test_a_member_keeps_a_role_that_exists(ada, cem, roles):
    with pytest.raises(refusals.NoRoleLeft):
        members.change_member(member_id=cem.pk, by=ada.pk, name="Cem", roles=roles)
    answer = Browser(ada).post(
        f"/admin/staff/member/{cem.pk}/change/", {"name": "Cem", "roles": roles}
    )
    assert answer.status_code == 200 and "errornote" in answer.content.decode()


def test_the_last_admin_cannot_leave(ada):
    with pytest.raises(refusals.LastAdmin):
        members.disable_member(member_id=ada.pk, by=ada.pk)
    with pytest.raises(refusals.LastAdmin):
        members.change_member(member_id=ada.pk, by=ada.pk, name="Ada", roles=["auditor"])
    answer = Browser(ada).post(f"/admin/staff/member/{ada.pk}/disable/sure/", follow=True)
    assert str(refusals.LastAdmin.sentence) in answer.content.decode()
    ada.refresh_from_db()
    assert ada.is_active


def test_two_last_admins_who_disable_each_other_leave_one(ada, abe):
    def disables(pair):
        try:
            members.disable_member(member_id=pair[0], by=pair[1])
        except refusals.LastAdmin:
            return "stays"
        finally:
            connections.close_all()
        return "gone"

    for _ in range(5):
        Member.objects.update(is_active=True)
        with ThreadPoolExecutor(2) as crowd:
            pairs = [(ada.pk, abe.pk), (abe.pk, ada.pk)]
            assert sorted(crowd.map(disables, pairs)) == ["gone", "stays"]
        assert queries.members_with(Role.ADMIN).count() == 1


# --- step-up ---


@pytest.mark.parametrize(
    "path",
    [
        "/admin/staff/member/{}/change/",
        "/admin/staff/member/{}/disable/sure/",
        "/admin/staff/member/{}/enable/sure/",
        "/admin/staff/member/{}/reset/sure/",
        "/admin/staff/invitation/add/",
    ],
)
def test_E27_dangerous_things_ask_a_fresh_code(ada, abe, cem, path):
    path = path.format(cem.pk)
    browser = Browser(ada)
    assert browser.get(path).status_code == 200, "fresh"
    with time_machine.travel(now() + LATER, tick=False):
        for ask in (browser.get, browser.post):
            assert ask(path).headers["Location"] == f"/step-up/?next={path}"
        cem.refresh_from_db()
        assert cem.is_active
        sent = browser.post("/step-up/", {"code": demo.code_of(ada), "next": path})
        assert sent.headers["Location"] == path
        assert last_verb() == Verb.STEP_UP
        assert browser.get(path).status_code == 200


def test_E27_new_recovery_codes_and_a_confirmation_ask_one_too(ada, abe, cem):
    reset = members.ask_reset(member_id=cem.pk, by=abe.pk)
    browser = Browser(ada)
    with time_machine.travel(now() + LATER, tick=False):
        for path in ("/account/recovery-codes/", f"/admin/staff/accessreset/{reset.pk}/confirm/"):
            assert browser.post(path).headers["Location"] == f"/step-up/?next={path}"
    assert AccessReset.objects.get().confirmed_by is None


# --- leaving and coming back ---


def test_leaving_is_asked_twice_and_written_down(ada, cem):
    browser = Browser(ada)
    assert "Cem" in browser.get(f"/admin/staff/member/{cem.pk}/disable/sure/").content.decode()
    browser.post(f"/admin/staff/member/{cem.pk}/disable/sure/")
    cem.refresh_from_db()
    assert not cem.is_active
    assert last_verb() == Verb.MEMBER_DISABLED
    browser.post(f"/admin/staff/member/{cem.pk}/enable/sure/")
    cem.refresh_from_db()
    assert cem.is_active


@pytest.mark.parametrize("path", ["999999/disable/sure/", "999999/change/", "{}/explode/sure/"])
def test_what_is_not_there_is_refused_without_a_trace(ada, cem, path):
    answer = Browser(ada).get("/admin/staff/member/" + path.format(cem.pk))
    assert answer.status_code in (302, 404)


# --- a lost second factor ---


def test_E27_restoring_access_takes_two_admins(ada, abe, cem):
    factors.make_recovery_codes(member_id=cem.pk)
    browser = Browser(cem)
    Browser(ada).post(f"/admin/staff/member/{cem.pk}/reset/sure/")
    reset = AccessReset.objects.get()
    assert last_verb() == Verb.RESET_REQUESTED
    confirm = f"/admin/staff/accessreset/{reset.pk}/confirm/"

    alone = Browser(ada).post(confirm, follow=True).content.decode()
    assert str(refusals.NotTwoPeople.sentence) in alone
    assert browser.get("/account/").status_code == 200, "nothing happened yet"

    Browser(abe).post(confirm)
    cem.refresh_from_db()
    assert not cem.has_usable_password()
    assert not TotpDevice.objects.filter(user=cem).exists()
    assert queries.recovery_codes_left(cem) == 0
    assert browser.get("/account/").status_code == 302
    (letter,) = mail.outbox
    assert letter.to == [cem.email] and "/invitation/" in letter.body
    assert Entry.objects.filter(verb=Verb.TOTP_RESET, actor=abe.pk).count() == 1


def test_with_the_link_of_a_reset_the_same_member_comes_back(ada, abe, cem):
    reset = members.ask_reset(member_id=cem.pk, by=ada.pk)
    sent = members.confirm_reset(reset_id=reset.pk, by=abe.pk)
    key_id = cem.key_id
    browser = Client(headers={"host": HOST})
    browser.get(sent.link.removeprefix(settings.TEAM_ORIGIN))
    new = "vier blauwe fietsen"
    browser.post("/welcome/", {"alias": "Sam", "password": new, "again": new})
    assert browser.get("/phone/").status_code == 200
    cem.refresh_from_db()
    assert cem.alias == "Sam" and cem.key_id != key_id
    with pytest.raises(Shredded):
        vault.open_key(key_id)
    assert Member.objects.filter(email=cem.email).count() == 1


def test_nobody_restores_their_own_access(ada, abe, cem):
    with pytest.raises(refusals.NotTwoPeople):
        members.ask_reset(member_id=ada.pk, by=ada.pk)
    reset = members.ask_reset(member_id=ada.pk, by=abe.pk)
    with pytest.raises(refusals.NotTwoPeople):
        members.confirm_reset(reset_id=reset.pk, by=ada.pk)
    with pytest.raises(IntegrityError):
        AccessReset.objects.filter(pk=reset.pk).update(confirmed_by=abe)


def test_a_request_is_confirmed_once_and_in_time(ada, abe, cem):
    reset = members.ask_reset(member_id=cem.pk, by=ada.pk)
    with time_machine.travel(now() + timedelta(hours=73)), pytest.raises(refusals.ResetGone):
        members.confirm_reset(reset_id=reset.pk, by=abe.pk)
    members.confirm_reset(reset_id=reset.pk, by=abe.pk)
    for gone in (reset.pk, 999999):
        with pytest.raises(refusals.ResetGone):
            members.confirm_reset(reset_id=gone, by=abe.pk)


# --- the admin site ---


def test_the_admin_site_knows_members_invitations_and_requests_and_nothing_else():
    assert set(site._registry) == {Member, Invitation, AccessReset}


def test_an_admin_may_nothing_in_any_other_table(ada):
    assert ada.has_perm("staff.change_member")
    for perm in ("conversations.view_message", "staff.delete_member", "staff.view_totpdevice"):
        assert not ada.has_perm(perm)
    assert not ada.has_module_perms("conversations")


def test_the_admin_site_invites_withdraws_and_keeps_no_log_of_its_own(ada):
    browser = Browser(ada)
    fields = {"name": "Noor", "email": "Noor@fier.example", "roles": ["counsellor"]}
    for _ in range(2):
        assert browser.post("/admin/staff/invitation/add/", fields).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.invited_by) == ("noor@fier.example", ada)
    assert len(mail.outbox) == 2
    fields["email"] = "ADA@demo.example"
    assert "errornote" in browser.post("/admin/staff/invitation/add/", fields).content.decode()
    browser.post(f"/admin/staff/invitation/{invitation.pk}/delete/", {"post": "yes"})
    browser.post(f"/admin/staff/member/{ada.pk}/change/", {"name": "Ada!", "roles": ["admin"]})
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/staff/",
        "/admin/staff/member/",
        "/admin/staff/invitation/",
        "/admin/staff/accessreset/",
        "/admin/staff/invitation/add/",
    ],
)
def test_pages_of_the_admin_have_no_script_and_no_inline_style(ada, path):
    page = Browser(ada).get(path)
    html = page.content.decode()
    assert page.status_code == 200
    assert "<script" not in html and "<style" not in html and " style=" not in html


@pytest.mark.parametrize("path", ["login", "logout", "password_change"])
def test_the_admin_site_has_no_door_of_its_own(path):
    nobody = Client(headers={"host": HOST})
    arrived = nobody.get(f"/admin/{path}/", follow=True)
    assert arrived.redirect_chain[-1][0].startswith("/sign-in/")


# --- who gets where ---

ROOMS = {"/admin/": {"admin"}, "/audit/": {"auditor"}}


@pytest.mark.parametrize("role", [role.value for role in Role])
@pytest.mark.parametrize("path", ROOMS)
def test_E23_a_room_is_for_its_roles_and_a_refusal_is_written_down(role, path):
    member = demo.make_member(f"m{role[:4]}", [role])
    answer = Browser(member).get(path)
    if role in ROOMS[path]:
        assert answer.status_code == 200
        return
    assert answer.status_code == 403
    assert refusals.Denied.code in answer.content.decode()
    entry = Entry.objects.latest("number")
    assert (entry.verb, entry.actor, entry.outcome) == (Verb.DENIED, member.pk, "refused")
    assert entry.reference in {"admin:index", "staff:audit"}


def test_every_page_of_the_staff_room_says_what_it_asks():
    silent = [route.name for route in urlpatterns if not hasattr(route.callback, "needs")]
    assert silent == []


def test_a_script_hears_a_code_where_a_person_sees_the_sign_in_page():
    nobody = Client(headers={"host": HOST, "accept": "application/json"})
    answer = nobody.get("/audit/")
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


@pytest.mark.parametrize(
    ("roles", "address"),
    [
        (["counsellor"], "/desk/"),
        (["admin", "coordinator"], "/desk/"),
        (["auditor"], "/audit/"),
        (["admin"], "/admin/"),
    ],
)
def test_everybody_starts_in_their_own_room(roles, address):
    browser = Browser(demo.make_member("who", roles))
    assert browser.get("/").headers["Location"].startswith(address)


def test_who_has_no_room_yet_reads_what_comes():
    page = Browser(demo.make_member("ana", ["analyst"])).get("/")
    assert page.status_code == 200
    assert "nog geen pagina" in page.content.decode()


# --- the audit page ---


def test_the_auditor_reads_who_did_what_and_that_is_in_it(ada, cem):
    members.disable_member(member_id=cem.pk, by=ada.pk)
    page = Browser(demo.make_member("udo", ["auditor"])).get("/audit/").content.decode()
    assert "Ada" in page and "sloot een medewerker af" in page
    assert last_verb() == Verb.AUDIT_READ


@pytest.mark.parametrize(
    "asked",
    ["verb=member_disabled", "actor={ada}", "reference={cem}", "actor=x&verb=zzz", "before=-1",
     "reference=%27%3B--", "before=999999999999999999999999"],
)  # fmt: skip
def test_the_auditor_looks_for_something_and_nonsense_breaks_nothing(ada, cem, asked):
    members.disable_member(member_id=cem.pk, by=ada.pk)
    browser = Browser(demo.make_member("udo", ["auditor"]))
    assert browser.get("/audit/?" + asked.format(ada=ada.pk, cem=cem.pk)).status_code == 200


def test_the_log_is_read_in_pages_without_losing_a_line(ada):
    for _ in range(60):
        members.enable_member(member_id=ada.pk, by=ada.pk)
    browser = Browser(demo.make_member("udo", ["auditor"]))
    first = browser.get("/audit/?verb=member_changed")
    assert len(first.context["rows"]) == 50
    second = browser.get("/audit/?" + first.context["older"])
    numbers = [row["entry"].number for page in (first, second) for row in page.context["rows"]]
    assert len(numbers) == len(set(numbers)) == 60
