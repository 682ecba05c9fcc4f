"""The pages themselves: no script, no inline style, right autocomplete, nothing kept."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client

from helpline.staff import demo
from helpline.staff.actions import invitations

HOST = settings.TEAM_ORIGIN.partition("://")[2]


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, *names):
        return [attrs for tag, attrs in self.tags if tag in names]


@pytest.fixture
def pages():
    """Every page of the staff room, as the right person sees it."""
    nobody, new = Client(headers={"host": HOST}), Client(headers={"host": HOST})
    half, ana, udo = (Client(headers={"host": HOST}) for _ in range(3))
    member = demo.make_member("ana", ["analyst"])
    demo.sign_in(ana, member)
    demo.sign_in(udo, demo.make_member("udo", ["auditor"]))
    half.post("/sign-in/", {"email": member.email, "password": demo.PASSWORD})
    sent = invitations.invite(email="n@fier.example", name="Noor", roles=["admin"], by=None)
    new.get(sent.link.removeprefix(settings.TEAM_ORIGIN))
    found = {"welcome": new.get("/welcome/"), "sign_in": nobody.get("/sign-in/")}
    found["sign_in wrong"] = nobody.post("/sign-in/", {"email": "x", "password": ""})
    found |= {"code": half.get("/code/"), "recovery": half.get("/recovery-code/")}
    found["code wrong"] = half.post("/code/", {"code": "x"})
    ours = ["", "account/", "account/password/", "account/recovery-codes/", "step-up/", "phone/"]
    found |= {path: ana.get(f"/{path}") for path in ours}
    found |= {"codes": ana.post("/account/recovery-codes/"), "denied": ana.get("/audit/")}
    found |= {"audit": udo.get("/audit/"), "nothing": udo.get("/nothing/here/")}
    return found


def test_no_page_has_script_or_inline_style(pages):
    for name, page in pages.items():
        made_of = Page(page.content.decode())
        assert not made_of.all("script", "style"), name
        assert not any("style" in attrs for _, attrs in made_of.tags), name
        assert not any(key.startswith("on") for _, attrs in made_of.tags for key in attrs), name


def test_every_page_may_be_kept_nowhere_and_loads_from_this_site_only(pages):
    for name, page in pages.items():
        assert page.headers["Cache-Control"] == "no-store", name
        assert "default-src 'none'" in page.headers["Content-Security-Policy"], name
        made_of = Page(page.content.decode())
        sources = [a.get("src") or a.get("href") or "" for a in made_of.all("link", "img")]
        assert all(source.startswith("/") for source in sources), name


def test_every_field_has_a_label_and_every_page_one_heading(pages):
    for name, page in pages.items():
        made_of = Page(page.content.decode())
        labelled = {attrs.get("for") for attrs in made_of.all("label")}
        for field in made_of.all("input", "select"):
            hidden = field.get("type") == "hidden" or field.get("aria-hidden") == "true"
            assert hidden or field["id"] in labelled, (name, field)
        assert len(made_of.all("h1")) == 1, name
        assert made_of.all("html")[0]["lang"] == "nl", name


def test_password_managers_and_phones_know_what_each_field_is(pages):
    wanted = {
        "sign_in": {"username", "current-password"},
        "code": {"one-time-code"},
        "step-up/": {"one-time-code"},
        "phone/": {"one-time-code"},
        "recovery": {"off"},
        "welcome": {"username", "nickname", "new-password"},
        "account/password/": {"username", "current-password", "new-password"},
    }
    for name, kinds in wanted.items():
        fields = Page(pages[name].content.decode()).all("input")
        assert {field["autocomplete"] for field in fields if "autocomplete" in field} == kinds, name


def test_a_wrong_form_says_so_in_title_summary_and_beside_the_field(pages):
    html = pages["code wrong"].content.decode()
    assert re.search(r"<title>\s*Fout:\s", html)
    assert 'role="alert"' in html and 'href="#id_code"' in html
    (field,) = (f for f in Page(html).all("input") if f.get("id") == "id_code")
    assert field["aria-invalid"] == "true"
    assert f'id="{field["aria-describedby"].split()[-1]}"' in html


def test_a_refusal_has_a_code_and_a_sentence(pages):
    for name, code in (("denied", "denied"), ("nothing", "not_found")):
        html = pages[name].content.decode()
        assert f"Kenmerk: {code}" in html, name
